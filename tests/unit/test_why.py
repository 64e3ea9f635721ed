"""Every reason can be said to everybody, and what it says is what the data hold."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from undivided.attention.duty import Given
from undivided.config import LANGUAGES
from undivided.expertise.asked import Part, Ranking, Reason, Score
from undivided.parts import ranked
from undivided.texts import texts
from undivided.values import SpecialistId
from undivided.why import listed, said
from unit.attention.desk import MONDAY, shop

CODES = {key.removeprefix("why.") for key in texts("en") if key.startswith("why.")}
ANNA, BEN = SpecialistId("anna"), SpecialistId("ben")


NOBODY = Given(shop(), MONDAY)


def turned(ranking: Ranking) -> tuple[Reason | None, SpecialistId | None]:
    first = ranked(ranking, NOBODY)[0]
    return first.decisive, first.otherwise


def wanted(language: str, code: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(texts(language)[f"why.{code}"]) if name}


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_language_says_a_reason_with_the_same_arguments(code) -> None:
    for language in LANGUAGES:
        assert wanted(language, code) == wanted("en", code)
        args = {name: f"<{name}>" for name in wanted(language, code)}
        words = said(Reason(code, args), language)
        assert all(value in words for value in args.values())
        assert not re.search(r"[{}]", words)


def test_a_phrase_with_braces_is_only_a_phrase() -> None:
    assert "{word}" in said(Reason("described", {"phrase": "{word} {0}"}), "de")


def test_a_reason_of_a_newer_release_is_left_out() -> None:
    assert listed((Reason("not_yet_written"), Reason("returning")), "en") == "answered this shopper before"


def test_what_is_kept_of_a_ranking_are_three_reasons_and_what_decided() -> None:
    sku, back = Part("product", 0.4, Reason("sku")), Part("returning", 0.26, Reason("returning"))
    against = Part("words", -0.9, Reason("worded_others"))
    near = Part("description", 0.1, Reason("nearest"))
    ranking = Ranking((Score(BEN, 1.0, (back, against, near, sku)), Score(ANNA, 0.9, (against,))), fits=True)
    first, second = ranked(ranking, NOBODY)
    assert first.reasons == (Reason("sku"), Reason("returning"), Reason("nearest"))
    assert (first.decisive, first.otherwise) == (None, None), "without any one of them Ben is still first"
    assert second.reasons == (Reason("next"),), "what speaks against somebody is no reason to have asked them"
    closer = Ranking((Score(BEN, 1.0, (near, back)), Score(ANNA, 0.9, (near,))), fits=True)
    assert turned(closer) == (None, None)
    decided = Ranking((Score(BEN, 1.0, (near, back)), Score(ANNA, 0.9, (near, Part("words", 0.1, near.reason)))), True)
    assert turned(decided) == (Reason("returning"), ANNA)
