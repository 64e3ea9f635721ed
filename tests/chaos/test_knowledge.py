"""What is learned of an answer, and what is published of one: killed at every AWS call on the way, it ends the same."""

from __future__ import annotations

from typing import Any

import pytest
from chaos import stack as moto
from chaos.harness import World, crashes, refusals, sweep
from chaos.invariants import all_hold, twice
from chaos.sweeps import Troubles
from undivided.changes import Fact
from undivided.knowledge import shelf
from undivided.knowledge.segment import Segment
from undivided.plain import to_text
from undivided.steps.learn import Lesson

ANNA = "anna@people.example"
SAID = "The fine blade of 20 mm fits; the coarse one is too thick for this saw."


def sold(made: World) -> None:
    made.ask("Which blade fits the saw?")
    made.settle()
    made.reply(made.last_to(ANNA), f"{SAID}\n\n/won 49.90 EUR")
    made.settle()


def known(made: World) -> dict[str, Any]:
    """Return all that stands of earlier answers."""
    found = made.stack.s3.list_objects_v2(Bucket=moto.BUCKET, Prefix="knowledge/").get("Contents", [])
    store = made.runtime.knowledge
    stands = store.latest()
    large = (
        made.stack.s3.get_object(Bucket=moto.BUCKET, Key=f"knowledge/base/{stands.base:06d}") if stands.base else None
    )
    base = Segment.load(large["Body"].read()).answers() if large else []
    return {
        "texts": sorted(str(one["Key"]) for one in found if "/answers/" in one["Key"]),
        "large parts": sum("/base/" in one["Key"] for one in found),
        "answers": sorted(one.id for one in (*base, *stands.recent.values()) if one.id not in stands.gone),
    }


def unlearned(made: World) -> None:
    """Sell, and then let what was learned of it be forgotten: its lessons can be told again."""
    sold(made)
    for one in made.stack.s3.list_objects_v2(Bucket=moto.BUCKET, Prefix="knowledge/")["Contents"]:
        made.stack.s3.delete_object(Bucket=moto.BUCKET, Key=one["Key"])


def lost(made: World) -> None:
    """Lose the sale again, but put back what was known before."""
    sold(made)
    listed = made.stack.s3.list_objects_v2(Bucket=moto.BUCKET, Prefix="knowledge/")["Contents"]
    objects = {
        one["Key"]: made.stack.s3.get_object(Bucket=moto.BUCKET, Key=one["Key"])["Body"].read() for one in listed
    }
    made.reply(made.last_to(ANNA), "/lost came back")
    made.settle()
    for one in made.stack.s3.list_objects_v2(Bucket=moto.BUCKET, Prefix="knowledge/")["Contents"]:
        made.stack.s3.delete_object(Bucket=moto.BUCKET, Key=one["Key"])
    for key, content in objects.items():
        made.stack.s3.put_object(Bucket=moto.BUCKET, Key=key, Body=content)


def told_again(made: World) -> None:
    (key,) = made.conversations()
    lesson = Lesson(Fact("ended"), key, 9, 0)
    made.queues[moto.LESSONS].put(to_text(lesson), made.now)


SCENARIOS = {
    "learned": (unlearned, 99),
    "merged": (unlearned, 0),
    "taken out": (lost, 99),
    "taken out of two": (lost, 0),
}


SLOW = pytest.mark.slow


@pytest.mark.parametrize("troubles", [crashes, pytest.param(refusals, marks=SLOW)])
@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=[] if "of" in one or one == "merged" else SLOW) for one in SCENARIOS]
)
def test_what_is_learned_ends_the_same(name: str, troubles: Troubles, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare, most = SCENARIOS[name]
    monkeypatch.setattr(shelf, "MOST_RECENT", most)

    def check(made: World, expected: Any) -> str:
        all_hold(made)
        assert not twice(made)
        found = known(made)
        assert found["texts"] == expected["texts"]
        assert found["answers"] == expected["answers"]
        assert found["large parts"] <= 2, "one may be left over, until the next is made"
        return "the same"

    swept = sweep(prepare, told_again, check, known, troubles)
    assert not swept.failures, f"{len(swept.failures)} of {swept.outcomes}\n\n" + "\n".join(swept.failures[:3])
    assert sum(name in ("s3.PutObject", "s3.DeleteObject") for name in swept.calls) >= 2
    print(name, swept.report())
