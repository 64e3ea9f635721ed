"""The dry run says what the router then does, names what would have changed it, and leaves nothing behind."""

from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fakes.runtime import FakeRuntime
from undivided.desk import Desk
from undivided.expertise.model import Model
from undivided.mail.keys import KeyRing
from undivided.promise.calibration import Calibration
from undivided.question import About, Question, Shopper
from undivided.shopjson import shop_from
from undivided.steps.ask import first_promise
from undivided.steps.route import route
from undivided.values import Address, ConversationId, SpecialistId, Unusable

from console import explain, shopfile
from console.dryrun import Asking, Dry, look

ROOT = Path(__file__).resolve().parents[2]
COMPILED = shopfile.read(ROOT / "undivided.yaml", date(2026, 11, 1)).shop
assert COMPILED
SHOP = shop_from(COMPILED)
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ASKINGS = (
    Asking("Meine Maschine hat keinen Druck, welche Dichtung brauche ich?", "de", "DUO-2"),
    Asking("How fine should I grind for filter coffee?", "en", "GRIND-64"),
    Asking("Quale macinacaffè per l'espresso?", "it"),
    Asking("Will this fit my bicycle?", "es"),
)


class Runtime(FakeRuntime):
    model = Model.new()
    calibration = Calibration()


def runtime(time: datetime = TUESDAY, shop=SHOP) -> Runtime:
    return Runtime(shop, KeyRing({1: b"k" * 32}), time)


def dry(rt: Runtime) -> Dry:
    return Dry(rt.shop, rt.model, rt.calibration, rt.desks, rt.lines, rt.time)


def asked(number: int, asking: Asking, rt: Runtime) -> Question:
    shopper, about = Shopper("Sam", Address("sam@example.com"), asking.language), About(sku=asking.sku)
    promise = first_promise(shopper, about, asking.text, rt)
    return Question(ConversationId(f"q{number:011d}"), shopper, about, asking.text, rt.time, promise)


@pytest.mark.parametrize("seed", range(8))
def test_the_dry_run_says_what_the_router_then_does_and_writes_nothing(seed: int) -> None:
    chance, rt = random.Random(seed), runtime(TUESDAY + timedelta(hours=3 * seed))
    for number in range(12):
        asking = chance.choice(ASKINGS)
        before = deepcopy(rt.memory)
        found = look(asking, dry(rt))
        assert rt.memory == before, "a dry run changes nothing"
        question = asked(number, asking, rt)
        assert (found.promise and found.promise.due) == (question.promise and question.promise.due)
        route(question, rt)
        became = rt.memory.conversations[question.id]
        assert found.choice.at_once == became.with_whom
        assert {one.specialist for one in found.choice.places} == {one.specialist for one in became.places}
        rt.time += timedelta(minutes=chance.choice((0, 3, 20)))


def test_what_would_have_changed_the_choice_does_change_it() -> None:
    """Making the best one away leads to the very person whom the dry run names."""
    rt = runtime()
    found = look(ASKINGS[0], dry(rt))
    assert found.choice.at_once == "kevin"
    named = next(one for one in found.changes if one.what == "were Kevin Brandt away")
    rt.memory.desks[SpecialistId("kevin")] = replace(Desk(SpecialistId("kevin")), silent=True, version=1)
    route(asked(1, ASKINGS[0], rt), rt)
    assert rt.memory.conversations[ConversationId("q00000000001")].with_whom == named.choice.at_once != "kevin"


def test_a_busy_best_match_is_named_as_what_would_have_changed_it() -> None:
    rt = runtime()
    route(asked(1, ASKINGS[0], rt), rt)
    found = look(ASKINGS[0], dry(rt))
    assert found.choice.at_once is None, "the head start keeps it for the better match"
    lines = explain.report(found, "here")
    assert "  were Kevin Brandt free: Kevin Brandt, at once" in lines
    assert any("1 of 1 in focus" in line for line in lines)


def test_a_paused_desk_takes_nothing_and_says_so() -> None:
    rt = runtime(shop=replace(SHOP, paused=True))
    found = look(ASKINGS[0], dry(rt))
    assert found.choice.at_once is None
    lines = "\n".join(explain.report(found, "here"))
    assert "the desk is paused" in lines
    assert "were the desk not paused: Kevin Brandt, at once" in lines


def test_nobody_fits_goes_to_the_fallback_person() -> None:
    rt = runtime()
    strange = Asking("I lost my passport at the airport in Lisbon", "en")
    found = look(strange, dry(rt))
    route(asked(1, strange, rt), rt)
    became = rt.memory.conversations[ConversationId("q00000000001")]
    assert SHOP.fallback in (became.with_whom, *(one.specialist for one in became.places))
    assert any("nobody fits: it goes to Petra Lindner" in line for line in explain.report(found, "here"))


def test_the_command_explains_from_the_file_alone(capsys: pytest.CaptureFixture[str]) -> None:
    shop = ("--shop", str(ROOT / "undivided.yaml"), "--at", "2026-11-24T10:00")
    assert explain.main([*shop, "--product", "GRIND-64", "--lang", "en", "How fine for filter?"]) == 0
    told = capsys.readouterr().out
    assert "Who gets it   Jane Whitfield, at once" in told
    assert "product: answers for this very article" in told or "product: answers for this kind of product" in told
    assert "Why           " in told
    assert 'Promise       "in about' in told
    assert "nothing is written" in told


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (["--lang", "pt", "Hi?"], "does not answer in 'pt'; use en, de"),
        (["--at", "soon", "Hi?"], "write it like 2027-03-01T09:30"),
        (["--shop", "missing.yaml", "Hi?"], "missing.yaml cannot be read"),
    ],
)
def test_a_mistake_is_told_with_what_to_write_instead(arguments: list[str], wrong: str) -> None:
    with pytest.raises(Unusable, match=wrong):
        explain.main(["--shop", str(ROOT / "undivided.yaml"), *arguments])


def test_a_question_outside_all_hours_is_told_when_each_comes_back() -> None:
    rt = runtime(datetime(2026, 11, 22, 3, 0, tzinfo=UTC))
    lines = "\n".join(explain.report(look(ASKINGS[0], dry(rt)), "here"))
    assert "off duty until Mon 2026-11-23 09:00" in lines
    assert "nobody yet; it waits for whoever is free first" in lines


@pytest.mark.parametrize(("words", "said"), [("de", "zuständig für diese"), ("it", "responsabile")])
def test_reasons_are_written_as_the_specialist_reads_them(words: str, said: str, capsys) -> None:
    shop = ("--shop", str(ROOT / "undivided.yaml"), "--at", "2026-11-24T10:00", "--words", words)
    assert explain.main([*shop, "--product", "GRIND-64", "--lang", "en", "How fine for filter?"]) == 0
    why = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("Why"))
    assert said in why
