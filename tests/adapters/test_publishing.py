"""From `/publish` to the product page through the real handlers and the table, with nobody's data in what is published."""

from __future__ import annotations

import json
import random
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from chaos import stack as moto
from chaos.harness import World, crashes, refusals, sweep, world
from chaos.invariants import all_hold
from undivided.outbox import Kind
from undivided.steps.learn import forget
from undivided.values import Unusable

from console import answers
from console.stack import Stack

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
        made.settle()
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
        stood = [(item["standing"], item["sk"]) for item in made.items("PUBLISHED#")]
        told = {(one["DetailType"], json.loads(one["Detail"])["id"]) for one in made.told}
        return shown(made), stood, sorted(one for one in told if one[0].startswith("answer_"))

    def check(made: World, expected: Any) -> str:
        found = stands(made)
        times = ("published",)
        assert [{**one, **dict.fromkeys(times)} for one in found[0]] == [
            {**one, **dict.fromkeys(times)} for one in expected[0]
        ]
        assert found[1:] == expected[1:]
        assert len(found[2]) == (2 if do == "publish" else 1), "proposed, and published"
        return "the same"

    swept = sweep(proposed, lambda made: press(made, do), check, stands, troubles)
    assert not swept.failures, "\n".join(swept.failures[:3])
    assert len(swept.calls) >= 3
    print(do, swept.report())


# --- without the mail: the console, and an erasure -------------------------------------------------------------


def test_the_console_lists_what_is_published_and_takes_it_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with world() as made:
        monkeypatch.setattr(Stack, "client", lambda _self, service: getattr(made.stack, service))
        stack = Stack("shop", moto.REGION, {"TableName": moto.TABLE})
        assert answers.listed(stack) == 0
        assert "no answer is published" in capsys.readouterr().out
        proposed(made)
        press(made, "publish")
        made.settle()
        (one,), (key,) = shown(made), made.conversations()
        capsys.readouterr()
        answers.listed(stack)
        assert capsys.readouterr().out.split()[:4] == [one["id"], f"{made.now:%Y-%m-%d}", "S-1", key]
        with pytest.raises(Unusable, match="answers list"):
            answers.take_back("0" * 16, stack)
        assert answers.take_back(one["id"], stack) == 0
        assert shown(made) == []
        with pytest.raises(Unusable):
            answers.take_back(one["id"], stack)
        made.settle()
        assert [one["DetailType"] for one in made.told][-1] == "answer_taken_back"
        press(made, "publish")
        assert shown(made) == [], "the link is used up"


def test_at_an_erasure_the_owner_gets_a_link_for_each_answer_that_stays() -> None:
    with world() as made:
        proposed(made)
        (key,) = made.conversations()
        made.process(lambda: forget(made.record(key), made.runtime))
        made.settle()
        assert len(made.to(OWNER)) == 1, "nothing of it is published"
        press(made, "publish")
        for _ in range(2):
            made.process(lambda: forget(made.record(key), made.runtime))
            made.settle()
        assert len(made.to(OWNER)) == 2
        (url,) = re.findall(r"https://\S+/p/\S+&do=take_back", made.last_to(OWNER).text)
        for one in made.items(f"CONV#{key}"):
            made.stack.dynamodb.delete_item(
                TableName=moto.TABLE, Key={"pk": {"S": str(one["pk"])}, "sk": {"S": str(one["sk"])}}
            )
        made.now += timedelta(days=400)
        assert len(shown(made)) == 1, "a scanner may open it"
        looked = made.run("pages", visit("GET", url))
        assert looked
        assert 'value="take_back"' in looked["body"]
        made.run("pages", visit("POST", url, urlencode({"do": "take_back", "confirm": "yes"})))
        assert shown(made) == []
