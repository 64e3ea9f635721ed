"""Asked straight, moto's table answers as it does through all of botocore."""

from __future__ import annotations

import json
import re

import pytest
from chaos.harness import PEOPLE, Sent, World, world
from undivided.aws.dynamo import Cancelled, Store
from undivided.aws.wire import put, update
from undivided.errors import Fault


def dialogue(made: World) -> list[str]:
    """Lead one conversation to its sale with a second in line; return what DynamoDB was asked and said, and the table."""
    said: list[str] = []
    made.wire.listeners.append(
        lambda call, answer: (
            said.append(
                f"{call.operation} {json.dumps([call.params, dict(answer, ResponseMetadata=0)], sort_keys=True)}"
            )
            if call.service == "dynamodb"
            else None
        )
    )
    for name in ("ida", "tom"):
        made.ask(name=name)
        made.settle()
    for text in ("/pass\n", "The blade of 20 mm fits.\n", "Buy it.\n\n/won 49.90 EUR\n"):
        made.reply(_last_question(made), text)
        made.survive()
        made.sweep()
        made.survive()
    stands = sorted(_without_chance(repr(one), made.sent) for one in made.items(""))
    return [_without_chance(one, made.sent) for one in said] + stands


def _last_question(made: World) -> Sent:
    people = {f"{who}@people.example" for who, _ in PEOPLE}
    return next(one for one in reversed(made.sent) if one.to in people)


def _without_chance(text: str, sent: list[Sent]) -> str:
    """Replace the random ids that SES, botocore and claims gave; a whole number of capacity units may be written in two ways."""
    text = re.sub(r'"ClientRequestToken": "[^"]*", ', "", text)
    text = re.sub(r"['\"][0-9a-f]{16}['\"]", "claim", text)
    text = re.sub(r'("CapacityUnits": \d+)\.0', r"\1", text)
    for number, one in enumerate(sent):
        text = text.replace(one.ses_id.partition("@")[0], f"mail-{number}")
    return text


def test_a_whole_conversation_is_answered_alike() -> None:
    both = []
    for whole in (False, True):
        with world() as made:
            made.wire.whole = whole
            both.append(dialogue(made))
    straight, through = both
    operations = {one.partition(" ")[0] for one in straight}
    assert operations >= {"Query", "GetItem", "TransactWriteItems", "UpdateItem", "PutItem"}, operations
    for one, other in zip(straight, through, strict=True):
        assert one == other


@pytest.mark.parametrize("whole", [False, True])
def test_what_is_refused_is_refused_as_botocore_says_it(whole: bool) -> None:
    with world() as made:
        made.wire.whole, made.wire.live = whole, True
        store = Store(made.stack.dynamodb, "undivided")
        taken = put({"pk": "a", "sk": "b"}, "attribute_not_exists(pk)", meaning="taken")
        assert store.attempt(taken)
        assert not store.attempt(taken)
        changed = update(("a", "b"), "SET #status = :s", "#status = :was", s="sent", was="pending")
        assert store.update(changed) == (False, {"pk": "a", "sk": "b"})
        with pytest.raises(Cancelled, match=r"^taken$"):
            store.transact([put({"pk": "c", "sk": "d"}), taken])
        assert store.get(("c", "d")) is None, "nothing of a cancelled transaction stands"
        with pytest.raises(Fault, match="ResourceNotFound"):
            Store(made.stack.dynamodb, "nowhere").get(("a", "b"))
