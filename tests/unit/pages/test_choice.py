"""The owner's page about a choice: what the router decided, in the owner's words, and nothing of the shopper's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from undivided.attention.duty import Given
from undivided.handing_over import hand_over
from undivided.links import CHOICE_FOR, choice_url
from undivided.mail.keys import CHOICE, PURPOSES, link_key
from undivided.pages.page import Page, Request
from undivided.parts import EXPLAINED
from undivided.state import Conversation, HandOver, Outcome, State, Stood
from undivided.steps.choice import choice
from undivided.steps.route import route
from undivided.texts import LANGUAGES, say
from undivided.values import ConversationId, SpecialistId
from undivided.why import said
from unit.attention.desk import KEVIN
from unit.expertise.test_explore import TWIN, TWINS
from unit.test_explain import ASKINGS, Runtime, asked, runtime

from console.dryrun import Asking

WORDS = ("Meine Maschine", "sam@example.com", "Sam")


def accepted(asking: Asking, rt: Runtime, number: int = 0) -> Conversation:
    question = replace(asked(number, asking, rt), id=ConversationId("ab"[number] * 12))
    route(question, rt)
    return rt.memory.conversations[question.id]


def link(one: Conversation, rt: Runtime) -> str:
    return choice_url("https://desk.shop.example", rt.ring, one.id, rt.time + CHOICE_FOR)


def look(one: Conversation, rt: Runtime, language: str = "en", url: str = "") -> Page:
    parts = urlsplit(url or link(one, rt))
    named = {"key": parts.path.rpartition("/")[2]}
    return choice(Request("GET", parts.path, named, dict(parse_qsl(parts.query)), {"accept-language": language}), rt)


def words(page: Page) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.body.partition("<main>")[2])).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asking", ASKINGS, ids=lambda one: one.language)
def test_the_owner_sees_who_why_and_what_else(asking: Asking, language: str) -> None:
    rt = runtime()
    one = accepted(asking, rt)
    shown = words(look(one, rt, language))
    for rank in one.ranking[:EXPLAINED]:
        assert rt.shop.specialists[rank.specialist].name in shown
        assert all(said(reason, language) in shown for reason in rank.reasons)
        assert rank.stood
        assert say(language, f"choice.stood.{rank.stood}") in shown
    first = one.ranking[0]
    for name, value in first.parts.items():
        if abs(value) >= 0.01:
            assert f"{say(language, f'choice.part.{name}')} {value:+.2f}" in shown
    if first.decisive and one.fits:
        assert said(first.decisive, language) in shown.partition(say(language, "choice.changed"))[2]
    assert not [one for one in (asking.text, *WORDS) if one in shown]


def test_parts_are_those_that_made_the_estimate() -> None:
    rt = runtime()
    one = accepted(ASKINGS[0], rt)
    assert all(rank.parts for rank in one.ranking[:EXPLAINED])
    assert not any(rank.parts for rank in one.ranking[EXPLAINED:])
    sums = [sum(rank.parts.values()) for rank in one.ranking[:EXPLAINED]]
    assert sums == sorted(sums, reverse=True)


def test_who_was_busy_would_have_got_it() -> None:
    rt = runtime(shop=TWINS)
    first = accepted(ASKINGS[0], rt)
    assert first.specialist == KEVIN
    assert first.ranking[0].stood is Stood.FREE
    second = accepted(ASKINGS[0], rt, 1)
    rank = next(rank for rank in second.ranking if rank.specialist == first.specialist)
    assert rank.stood is Stood.BUSY
    assert second.specialist == TWIN
    shown = words(look(second, rt))
    name = rt.shop.specialists[KEVIN].name
    assert say("en", "choice.if_free", name=name) in shown
    assert say("en", "choice.stood.busy") in shown


def test_where_nobody_fits_the_page_says_what_is_missing() -> None:
    rt = runtime()
    one = accepted(Asking("\U0001f600", "en"), rt)
    assert not one.fits
    shown = words(look(one, rt))
    fallback = rt.shop.specialists[rt.shop.fallback].name
    assert say("en", "choice.unfit", name=fallback) in shown
    assert say("en", "choice.if_fits") in shown


@pytest.mark.parametrize("why", HandOver)
def test_a_hand_over_is_told_with_its_reason(why: HandOver) -> None:
    rt = runtime()
    one = accepted(ASKINGS[0], rt)
    who = one.specialist
    assert who
    given = Given(rt.shop, rt.time, rt.desks.desks([rank.specialist for rank in one.ranking]))
    changes = hand_over(one, who, why, given)
    assert changes
    one = rt.conversations.commit(changes, rt.time)
    shown = words(look(one, rt))
    assert say("en", f"choice.left.{why}") in shown
    assert say("en", "choice.waits") in shown


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.ERASED])
def test_an_end_is_told(outcome: Outcome) -> None:
    rt = runtime()
    one = replace(accepted(ASKINGS[0], rt), state=State.ENDED, outcome=outcome)
    rt.memory.conversations[one.id] = one
    assert say("en", "choice.ended", outcome=say("en", f"act.outcome.{outcome}")) in words(look(one, rt))


def test_what_was_recorded_before_there_were_numbers_is_shown_without_them() -> None:
    rt = runtime()
    one = accepted(ASKINGS[0], rt)
    old = tuple(replace(rank, parts={}, stood=None) for rank in one.ranking)
    rt.memory.conversations[one.id] = replace(one, ranking=old, specialist=SpecialistId("left-us"))
    page = look(one, rt)
    assert page.status == 200
    assert "left-us" in words(page)


def test_a_part_of_a_newer_release_is_named_by_its_code() -> None:
    rt = runtime()
    one = accepted(ASKINGS[0], rt)
    first = replace(one.ranking[0], parts={"not_yet_named": 0.5})
    rt.memory.conversations[one.id] = replace(one, ranking=(first, *one.ranking[1:]))
    assert "not_yet_named +0.50" in words(look(one, rt))


def doors(one: Conversation, rt: Runtime) -> Iterator[tuple[str, int]]:
    """Yield links, almost links, and how they are answered."""
    good = link(one, rt)
    base, _, sealed = good.partition("?s=")
    key = base.rpartition("/")[2]
    other = link_key(rt.ring, ConversationId("qqqqqqqqqqqq"), 0, CHOICE)
    yield good, 200
    yield choice_url("https://desk.shop.example", rt.ring, one.id, rt.time - timedelta(seconds=1)), 410
    for bad in (base, good[:-1], f"{base}?s={sealed.replace('why', 'who')}", f"{base.replace(key, other)}?s={sealed}"):
        yield bad, 404
    for purpose in PURPOSES[1:]:
        if purpose != CHOICE:
            yield good.replace(key, link_key(rt.ring, one.id, 0, purpose)), 404


def test_only_the_whole_link_opens_it_and_looking_changes_nothing() -> None:
    rt = runtime()
    one = accepted(ASKINGS[0], rt)
    before = deepcopy(rt.memory)
    for url, status in doors(one, rt):
        assert look(one, rt, url=url).status == status, url
    assert rt.memory == before


def test_it_ends_and_goes_with_the_conversation() -> None:
    rt = runtime()
    one = accepted(ASKINGS[0], rt)
    good = link(one, rt)
    rt.time += CHOICE_FOR + timedelta(seconds=1)
    assert look(one, rt, url=good).status == 410
    rt = runtime()
    one = accepted(ASKINGS[0], rt)
    rt.memory.conversations[one.id] = replace(one, outcome=Outcome.ERASED, state=State.ENDED)
    assert look(one, rt).status == 404
    del rt.memory.conversations[one.id]
    assert look(one, rt).status == 404
