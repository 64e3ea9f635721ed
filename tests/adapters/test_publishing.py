"""From `/publish` to the product page through the real handlers and the table, with nobody's data in what is published."""

from __future__ import annotations

import json
import random
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from chaos.harness import World, crashes, refusals, sweep, world
from chaos.invariants import all_hold
from undivided.outbox import Kind

ANNA, IDA, OWNER = "anna@people.example", "ida@mail.example", "owner@people.example"
ASKED = "Hello,\n\nwhich blade fits my saw? I am Ida, order 100234.\n\nThanks"
SAID = "Hi Ida,\n\nthe fine one of 20 mm. Or write to ida@mail.example."
CLEAN = "the fine one of 20 mm. Or write to […]."


def proposed(made: World, text: str = f"/publish\n\n{SAID}") -> None:
    made.ask(ASKED)
    made.settle()
    made.reply(made.last_to(ANNA), text)
    made.settle()


def link(made: World, do: str = "publish") -> str:
    (found,) = re.findall(rf"https://\S+/p/\S+&do={do}", made.last_to(OWNER).text.replace("=\n", ""))
    return str(found)


def visit(method: str, url: str, body: str = "") -> dict[str, Any]:
    parts = urlsplit(url)
    key = parts.path.rpartition("/")[2]
    route = "/p/{key}" if "/p/" in parts.path else parts.path
    headers = {"Accept": "application/json"} if route == "/answers" else {}
    return {
        "httpMethod": method, "resource": route, "path": parts.path, "pathParameters": {"key": key}, "body": body,
        "headers": {**headers, "Content-Type": "application/x-www-form-urlencoded"},
        "queryStringParameters": dict(parse_qsl(parts.query)), "isBase64Encoded": False, "requestContext": {},
    }  # fmt: skip


def press(made: World, do: str) -> None:
    """Press the button, and again until there is an answer, as people do."""
    for _ in range(12):
        answer = made.run("pages", visit("POST", link(made), urlencode({"do": do, "confirm": "yes"})))
        if answer and answer["statusCode"] == 200:
            return
    raise AssertionError("the owner gave up")


def shown(made: World) -> list[dict[str, str]]:
    answer = made.run("pages", visit("GET", "https://ask.shop.example/answers?product=S-1"))
    assert answer
    assert answer["statusCode"] == 200
    found: list[dict[str, str]] = json.loads(answer["body"])["answers"]
    return found


def test_from_the_command_to_the_page_and_back() -> None:
    with world() as made:
        proposed(made)
        assert "the fine one of 20 mm" in made.last_to(IDA).text, "the shopper has the answer as it was written"
        mail = made.last_to(OWNER).text
        assert CLEAN in mail
        assert "which blade fits my saw? I am […], order […]." in mail
        assert "ida@" not in mail
        assert shown(made) == []
        looked = made.run("pages", visit("GET", link(made)))
        assert looked
        assert CLEAN in looked["body"]
        assert shown(made) == [], "a scanner that opens the link publishes nothing"
        press(made, "publish")
        (one,) = shown(made)
        assert (one["answer"], one["author"]) == (CLEAN, "Anna")
        assert "Ida" not in json.dumps(one)
        press(made, "take_back")
        assert shown(made) == []
        assert {"answer_proposed", "answer_published", "answer_taken_back"} <= {one["DetailType"] for one in made.told}
        all_hold(made)


def test_the_command_alone_proposes_the_last_answer_and_says_so() -> None:
    with world() as made:
        proposed(made, SAID)
        made.reply(made.last_to(ANNA), "/publish")
        made.settle()
        assert CLEAN in made.last_to(OWNER).text
        assert "/publish" in made.last_to(ANNA).text
        all_hold(made)


@pytest.mark.parametrize(("text", "sku", "why"), [
    ("/publish\n\nthe fine one", "", "about no product"), ("/publish", "S-1", "no answer of yours"),
    ("/publish\n/note psst", "S-1", "stays among colleagues"), ("/publish\n/ask kevin", "S-1", "stays among colleagues"),
])  # fmt: skip
def test_what_cannot_be_proposed_comes_back_and_nothing_of_it_goes_out(text: str, sku: str, why: str) -> None:
    with world() as made:
        made.ask(ASKED, sku=sku)
        made.settle()
        to_ida = len(made.to(IDA))
        made.reply(made.last_to(ANNA), text)
        made.settle()
        assert why in made.last_to(ANNA).text
        assert not made.to(OWNER)
        assert len(made.to(IDA)) == to_ida


def test_deliveries_that_are_doubled_and_shuffled_propose_once() -> None:
    with world(chance=random.Random(3)) as made:
        proposed(made)
        made.survive()
        assert len({one.entry for one in made.to(OWNER)}) == len(made.to(OWNER)) == 1
        assert [entry.mail.kind for entry in made.entries()].count(Kind.PROPOSAL) == 1


@pytest.mark.parametrize("troubles", [crashes, pytest.param(refusals, marks=pytest.mark.slow)])
@pytest.mark.parametrize("do", ["publish", pytest.param("decline", marks=pytest.mark.slow)])
def test_the_owner_s_decision_counts_once_whatever_call_is_cut_off(do: str, troubles: Any) -> None:
    def stands(made: World) -> Any:
        return shown(made), [(item["standing"], item["sk"]) for item in made.items("PUBLISHED#")]

    def check(made: World, expected: Any) -> str:
        found = stands(made)
        times = ("published",)
        assert [{**one, **dict.fromkeys(times)} for one in found[0]] == [
            {**one, **dict.fromkeys(times)} for one in expected[0]
        ]
        assert found[1] == expected[1]
        return "the same"

    swept = sweep(proposed, lambda made: press(made, do), check, stands, troubles)
    assert not swept.failures, "\n".join(swept.failures[:3])
    assert len(swept.calls) >= 3
    print(do, swept.report())
