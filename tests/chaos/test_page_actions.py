"""What people do on pages behind signed links: killed before and after every AWS call, and clicked again.

A browser shows an error page, and the person clicks once more; the link scanner of their mail program opens everything
besides. In the end it has been done once: no word is lost, and no mail goes out twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from chaos.forks import in_fork
from chaos.harness import MINUTE, Troubles, World, distinct_crashes, overtaken, refusals, sweep, world
from chaos.invariants import all_hold, summary, twice
from undivided.state import Outcome, State

pytestmark = pytest.mark.timeout(1200)  # as in test_crash_sweep.py: a sweep of a minute took five on a busy machine
ANNA, IDA = "anna@people.example", "ida@mail.example"
FIRST = "aaaaaaaaaaba"
"""The first question of a world: Ida's."""
MOST_CLICKS = 6
Act = Callable[[World], object]


@dataclass(frozen=True)
class Click:
    """Somebody follows a link of their newest mail and presses the button of its page."""

    reader: str
    link: str
    """A pattern that finds the link in their mails."""
    fields: dict[str, str]

    def __call__(self, made: World) -> None:
        url = links(made, self.reader, self.link)[-1]
        for _ in range(MOST_CLICKS):
            visit(made, url)
            if (page := visit(made, url, self.fields)) and page["statusCode"] < 500:
                return
            made.now += MINUTE
        raise AssertionError("they gave up")


def links(made: World, reader: str, pattern: str = "https://ask") -> list[str]:
    """Return the links in all mails to somebody, oldest first."""
    said = [one.text for one in made.to(reader)]
    return [url for text in said for url in re.findall(r"https://\S+", text) if re.search(pattern, url)]


def visit(made: World, url: str, fields: dict[str, str] | None = None, method: str = "") -> dict[str, Any] | None:
    parts = urlsplit(url)
    resource, _, key = parts.path.rpartition("/")
    event = {
        "httpMethod": method or ("POST" if fields else "GET"), "resource": f"{resource}/{{key}}", "path": parts.path,
        "pathParameters": {"key": key}, "queryStringParameters": dict(parse_qsl(parts.query)) or None,
        "headers": {"content-type": "application/x-www-form-urlencoded"}, "body": urlencode(fields or {}),
        "isBase64Encoded": False, "requestContext": {"identity": {"sourceIp": "192.0.2.1"}},
    }  # fmt: skip
    return made.run("pages", event)


def question(made: World) -> None:
    """Ida's question is with Anna, and another one waits in her line."""
    made.ask()
    made.settle()
    made.ask("How thick may the board be?", name="tom")


def closed(made: World) -> None:
    made.ask()
    made.settle()
    made.reply(made.last_to(ANNA), "The blade of 20 mm fits.\n\n/close\n")


def act(do: str, **fields: str) -> Click:
    return Click(ANNA, rf"/act/{FIRST}\w+\?do={do}&", {"confirm": "yes", **fields})


def status(**fields: str) -> Click:
    return Click(IDA, "/q/", fields)


def bounced(made: World) -> None:
    made.ask()
    made.settle()
    made.bounce(made.last_to(IDA))


SCENARIOS: dict[str, tuple[Act, Click]] = {
    "won": (question, act("won", amount="49,90", currency="EUR")),
    "lost": (question, act("lost", reason="too expensive")),
    "passed": (question, act("pass", colleague="kevin")),
    "not_mine": (question, act("not_mine")),
    "released": (question, act("release")),
    "away": (question, act("away", until="Thursday")),
    "written": (question, status(do="add", text="It is a Bosch.", token="t1")),
    "written_again": (closed, status(do="add", text="And for oak?", token="t2")),
    "bought": (question, status(do="bought", confirm="yes")),
    "withdrawn": (question, status(do="withdraw", confirm="yes")),
    "corrected": (bounced, status(do="address", email="ida@new.example", confirm="yes")),
    "rated": (closed, Click(IDA, "/s/.*mark=partly", {"do": "partly", "confirm": "yes"})),
}
QUICK = "won written"


def tiers(names: Any, quick: str = QUICK) -> list[Any]:
    return [pytest.param(name, marks=[] if name in quick.split() else [pytest.mark.slow]) for name in names]


def quiet_end(made: World) -> dict[str, Any]:
    """Return the summary after Anna has answered all that comes before her: news waits for that, if its first try was cut off."""
    made.survive()
    while focus := made.desks()["anna"].focus:
        for key in focus:
            made.reply(next(one for one in reversed(made.to(ANNA)) if one.entry.conversation == key), "Up to 20 mm.\n")
        made.survive()
    return summary(made)


def once(made: World, expected: Any) -> str:
    found = quiet_end(made)
    all_hold(made)
    for name, value in expected.items():
        assert found[name] == value, f"{name} differ:\n{found[name]}\n{value}"
    assert not twice(made), f"sent twice: {twice(made)}"
    return "as if nothing had happened"


def swept(name: str, troubles: Troubles, click: Act | None = None) -> None:
    prepare, one = SCENARIOS[name]
    found = sweep(prepare, click or one, once, quiet_end, troubles)
    print(f"{name}: {found.report()}")
    assert not found.failures, f"{len(found.failures)} of {found.outcomes}\n\n" + "\n".join(found.failures[:3])
    assert "dynamodb.TransactWriteItems" in found.calls


@pytest.mark.parametrize("name", tiers(SCENARIOS))
def test_killed_anywhere_and_clicked_again_it_is_done_once(name: str) -> None:
    swept(name, distinct_crashes)


@pytest.mark.parametrize("name", tiers(SCENARIOS, ""))
def test_a_lost_answer_a_conflict_or_a_throttled_call_changes_nothing(name: str) -> None:
    swept(name, refusals)


@pytest.mark.parametrize("name", tiers(SCENARIOS, "bought"))
def test_two_clicks_at_once_are_one(name: str) -> None:
    """Between any two calls of one click the whole of another happens, in another process."""
    swept(name, overtaken(SCENARIOS[name][1]))


@pytest.mark.parametrize("name", tiers(SCENARIOS, "released"))
def test_clicked_three_times_is_clicked_once(name: str) -> None:
    prepare, click = SCENARIOS[name]
    with world() as made:
        prepare(made)
        made.survive()
        assert in_fork(lambda: _clicked(made, click, 1)) == in_fork(lambda: _clicked(made, click, 3))


def _clicked(made: World, click: Click, times: int) -> Any:
    for _ in range(times):
        click(made)
        made.settle()
    made.survive()
    all_hold(made)
    assert not twice(made)
    return summary(made)


def test_a_scanner_that_opens_every_link_changes_nothing() -> None:
    with world() as made:
        closed(made)
        made.settle()
        made.ask(name="tom")
        made.survive()
        before, items = summary(made), made.items("")
        found = [url for reader in (ANNA, IDA, "tom@mail.example") for url in links(made, reader) if "/o/" not in url]
        assert len(found) >= 12
        for url in found:
            for method in ("GET", "HEAD", "GET"):
                page = visit(made, url, method=method)
                assert page
                assert page["statusCode"] in (200, 302), url
        made.survive()
        assert summary(made) == before
        assert made.items("") == items


def test_a_link_of_somebody_who_handed_it_on_does_nothing_and_a_sale_by_link_shows() -> None:
    with world() as made:
        question(made)
        made.settle()
        act("pass", colleague="kevin")(made)
        made.settle()
        before = summary(made)
        act("won", amount="5")(made)
        act("lost")(made)
        act("pass")(made)
        made.settle()
        assert summary(made) == before
        won = Click("kevin@people.example", rf"/act/{FIRST}\w+\?do=won&", {"confirm": "yes", "amount": "49.90"})
        won(made)
        made.settle()
        ida = min(made.conversations().values(), key=lambda one: one.asked_at)
        assert (ida.state, ida.outcome, str(ida.sale)) == (State.ENDED, Outcome.WON, "49.90 EUR")
        all_hold(made)
