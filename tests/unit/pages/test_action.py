"""Action links: a page asks, POST does precisely what the command by mail does, once, and only while it makes sense."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from itertools import product
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from undivided.desk import Desk
from undivided.links import ACT_FOR, act_url
from undivided.mail.arrival import Notice
from undivided.mail.keys import ACT, SATISFACTION, STATUS, link_key
from undivided.outbox import Kind
from undivided.pages.action import DONE_BY_LINK, command_line
from undivided.pages.page import Page, Request
from undivided.standing import Standing, standing
from undivided.state import Conversation, HandOver, Outcome, State
from undivided.steps.action import action
from undivided.steps.receive import receive
from undivided.texts import LANGUAGES
from unit.rules.mailroom import ANNA, CONVERSATION, KEVIN, KEY, NOW, OMAR, PASS, SHOP, Sent, address, runtime

FIELDS = {
    "won": {"amount": "49,90", "currency": "EUR"},
    "lost": {"reason": "too expensive", "words": "bought  it\nelsewhere"},
    "pass": {"colleague": "kevin"},
    "not_mine": {},
    "release": {},
    "away": {"until": "Monday"},
}
BY_MAIL = {
    "won": "/won 49.90 EUR\n",
    "lost": "/lost too expensive; bought it elsewhere\n",
    "pass": "/pass kevin\n",
    "not_mine": "/notmine\n",
    "release": "/release\n",
    "away": "/away Monday\n",
}
OURS = replace(CONVERSATION, former={}, parties=(ANNA,))
"""Anna has it, and nobody had it before."""


def room(one: Conversation = OURS):
    """A table in which the desks agree with the conversation."""
    rt = runtime(one)
    rt.shop = replace(SHOP, reasons=("too expensive", "other"))
    for who in (ANNA, KEVIN, OMAR):
        held = {one.id: NOW} if one.with_whom == who else {}
        rt.memory.desks[who] = Desk(who, version=1, focus=held)
    return rt


def link(do: str, mail: str = "2.0", party: int = 1, until: timedelta = ACT_FOR, base: str = "https://x.example"):
    from unit.rules.mailroom import RING

    return act_url(base, RING, KEY, party, do, mail, NOW + until)


def visit(rt, url: str, method: str = "GET", **fields: str) -> Page:
    path, _, query = url.partition("/act/")[2].partition("?")
    headers = {"content-type": "application/x-www-form-urlencoded"}
    request = Request(
        method, f"/act/{path}", {"key": path}, dict(parse_qsl(query)), headers, urlencode(fields).encode()
    )
    return action(request, rt)


def confirm(rt, do: str, url: str = "", **fields: str) -> Page:
    return visit(rt, url or link(do), "POST", confirm="yes", **(fields or FIELDS[do]))


def stands(rt):
    """Everything that could have been changed."""
    memory = rt.memory
    return (
        memory.conversations[KEY],
        dict(memory.desks),
        dict(memory.entries),
        dict(memory.messages),
        set(memory.seen),
    )


@pytest.mark.parametrize("do", DONE_BY_LINK)
def test_whatever_a_scanner_does_with_a_link_changes_nothing(do):
    rt = room()
    before = stands(rt)
    for method in ("GET", "HEAD", "GET", "OPTIONS", "PUT"):
        page = visit(rt, link(do), method)
        assert page.status == 200
        assert 'method="post"' in page.body
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Robots-Tag"] == "noindex"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    assert 'method="post"' in visit(rt, link(do), "POST", **FIELDS[do]).body, "a POST without the button's word"
    assert stands(rt) == before


def by_mail(do: str):
    """Do it with a mail instead."""
    rt = room()
    mail = Sent(to=(address(1),), text=BY_MAIL[do])
    rt.mails.texts.objects["received/in-1"] = mail.raw
    assert receive(Notice("in-1", "received/in-1", mail.to, mail.sender, PASS), rt) == "command"
    return rt


@pytest.mark.parametrize("do", DONE_BY_LINK)
def test_it_does_precisely_what_the_mail_does(do):
    rt, other = room(), by_mail(do)
    page = confirm(rt, do)
    assert page.status == 303
    assert page.headers["Location"] == "?" + link(do).partition("?")[2]
    assert stands(rt)[:3] == stands(other)[:3]
    assert rt.memory.lines == other.memory.lines
    assert [one.mail.kind for one in rt.memory.entries.values() if one.mail.to == ANNA] == [Kind.UNDERSTOOD]


@pytest.mark.parametrize("do", DONE_BY_LINK)
def test_it_works_once_and_says_then_what_was_done(do):
    rt = room()
    confirm(rt, do)
    once = stands(rt)
    for again in (confirm(rt, do), visit(rt, link(do)), visit(rt, link(do), "HEAD"), confirm(rt, do, link(do, "9.1"))):
        assert 'method="post"' not in again.body
        assert again.status == 200
    assert stands(rt) == once


@pytest.mark.parametrize("do", [one for one in DONE_BY_LINK if one != "away"])
def test_a_link_that_was_used_stays_used_when_the_conversation_comes_back(do):
    rt = room()
    confirm(rt, do)
    again = replace(OURS, version=rt.memory.conversations[KEY].version, said=OURS.said)
    rt.memory.conversations[KEY] = again
    page = confirm(rt, do)
    assert page.status == 200
    assert "has been used" in page.body
    assert rt.memory.conversations[KEY] == again
    rt.memory.desks[ANNA] = replace(rt.memory.desks[ANNA], focus={KEY: NOW})
    assert confirm(rt, do, link(do, "7.0")).status == 303, "the link of a newer mail works"


MOVED = {
    "passed": replace(OURS, specialist=KEVIN, parties=(ANNA, KEVIN), former={ANNA: HandOver.SILENT}),
    "waiting": replace(OURS, state=State.WAITING, specialist=None, former={ANNA: HandOver.BOUNCED}),
    "spam": replace(OURS, state=State.ENDED, outcome=Outcome.SPAM),
}


@pytest.mark.parametrize("do", [one for one in DONE_BY_LINK if one != "away"])
@pytest.mark.parametrize("name", MOVED)
def test_nothing_is_done_with_a_conversation_that_is_somebody_elses_or_over(name, do):
    rt = room(MOVED[name])
    before = stands(rt)
    for page in (visit(rt, link(do)), confirm(rt, do)):
        assert page.status == 200
        assert "Nothing was changed." in page.body
        assert 'method="post"' not in page.body
    assert stands(rt) == before


@pytest.mark.parametrize("do", ["pass", "not_mine", "release"])
def test_what_has_ended_is_not_handed_on(do):
    rt = room(replace(OURS, state=State.ENDED, outcome=Outcome.LOST))
    assert "no sale" in confirm(rt, do).body
    assert rt.memory.conversations[KEY].outcome is Outcome.LOST


def test_a_sale_is_reported_after_another_end_but_never_taken_back_by_a_link():
    for ended in (Outcome.LAPSED, Outcome.ANSWERED, Outcome.LOST, Outcome.WITHDRAWN):
        rt = room(replace(OURS, state=State.ENDED, outcome=ended))
        assert "It ended as" in visit(rt, link("won")).body
        confirm(rt, "won")
        assert str(rt.memory.conversations[KEY].sale) == "49.90 EUR"
        assert "sold" in confirm(rt, "lost").body
        assert rt.memory.conversations[KEY].outcome is Outcome.WON


def test_the_amount_may_follow_the_shoppers_own_word():
    rt = room(replace(OURS, state=State.ENDED, outcome=Outcome.WON))
    confirm(rt, "won")
    assert str(rt.memory.conversations[KEY].sale) == "49.90 EUR"


def test_away_hands_over_what_is_here_also_for_whoever_is_away_already():
    rt = room()
    rt.memory.desks[ANNA] = replace(rt.memory.desks[ANNA], away_until=NOW + timedelta(days=2))
    assert 'method="post"' in visit(rt, link("away")).body
    confirm(rt, "away")
    assert rt.memory.conversations[KEY].former == {ANNA: HandOver.AWAY}
    assert "Monday" in visit(rt, link("away")).body
    rt = room()
    confirm(rt, "away", until="")
    assert rt.memory.desks[ANNA].silent
    assert "Until you write again" in visit(rt, link("away")).body


@pytest.mark.parametrize(
    ("do", "fields", "said"),
    [
        ("won", {"amount": "about fifty"}, "no amount"),
        ("won", {"amount": "5 EUR", "currency": "USD"}, ""),
        ("won", {"amount": "5", "currency": "nonsense"}, "no amount"),
        ("away", {"until": "mondy"}, "mondy"),
        ("away", {"until": "yesterday"}, "yesterday"),
        ("pass", {"colleague": "nobody"}, "nobody"),
        ("pass", {"colleague": "anna"}, "yourself"),
    ],
)
def test_what_cannot_be_read_comes_back_filled_in_and_nothing_is_done(do, fields, said):
    rt = room()
    before = stands(rt)
    page = confirm(rt, do, **fields)
    if not said:
        assert page.status == 303
        return
    assert page.status == 400
    assert said in unescape(page.body)
    assert stands(rt) == before
    if do != "pass":
        assert all(f'value="{value}"' in page.body for value in fields.values())


@pytest.mark.parametrize("text", ["x\n/note secret", "x\r\n/won 5", "/close", "x" * 999, "<script>", "\u2028/lost y"])
def test_what_is_typed_stays_one_command(text):
    for do, name in (("lost", "words"), ("won", "amount"), ("away", "until"), ("pass", "colleague")):
        line = command_line(do, {name: text})
        assert len(line.splitlines()) == 1
        assert line.startswith(f"/{do}")
        rt = room()
        page = confirm(rt, do, **{name: text})
        assert "<script>" not in page.body
        assert rt.memory.conversations[KEY].outcome in (None, Outcome(do) if do in ("won", "lost") else None)


def test_the_reason_is_kept_as_it_was_said():
    rt = room()
    assert "too expensive" in visit(rt, link("lost")).body
    confirm(rt, "lost")
    assert rt.memory.conversations[KEY].reason == "too expensive; bought it elsewhere"


def broken():
    good = link("won")
    path, _, query = good.partition("?")
    key = path.rpartition("/")[2]
    yield good.replace("do=won", "do=erase")
    yield good.replace("do=won", "do=note")
    yield good[:-1] + ("a" if good[-1] != "a" else "b")
    yield f"{path}?do=won"
    yield f"{path}?do=won&s=2.0.9999999999.aaaaaaaaaaaaaaaa"
    yield good.replace("s=2.0", "s=3.0")
    yield f"{path.replace(key, link_key(room().ring, KEY, 2, ACT))}?{query}"
    yield f"{path.replace(key, link_key(room().ring, KEY, 1, STATUS))}?{query}"
    yield f"{path.replace(key, link_key(room().ring, KEY, 0, SATISFACTION))}?{query}"
    yield f"{path.replace(key, 'a' * 31)}?{query}"
    yield link("won", party=2)
    yield link("won", party=0)
    yield link("won", party=1000)


@pytest.mark.parametrize("url", list(broken()))
def test_a_changed_or_foreign_link_opens_nothing(url):
    rt = room()
    before = stands(rt)
    for method in ("GET", "POST"):
        assert visit(rt, url, method, confirm="yes").status == 404
    assert stands(rt) == before


def test_a_link_ends():
    rt = room()
    before = stands(rt)
    assert confirm(rt, "won", link("won", until=timedelta(seconds=-1))).status == 410
    assert stands(rt) == before
    assert visit(rt, link("won", until=timedelta(seconds=1))).status == 200


def test_whoever_left_the_roster_or_the_table_does_nothing():
    rt = room()
    rt.shop = replace(rt.shop, specialists={KEVIN: rt.shop.specialists[KEVIN]})
    assert confirm(rt, "won").status == 404
    rt = room()
    del rt.memory.conversations[KEY]
    assert confirm(rt, "won").status == 404


@pytest.mark.parametrize(("do", "language"), list(product(DONE_BY_LINK, LANGUAGES)))
def test_the_page_speaks_the_specialists_language(do, language):
    rt = room()
    anna = replace(rt.shop.specialists[ANNA], languages=(language,))
    rt.shop = replace(rt.shop, specialists={**rt.shop.specialists, ANNA: anna})
    page = visit(rt, link(do))
    assert page.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in page.body
    assert not re.search(r"\{\w+\}|\bNone\b", unescape(page.body))
    fields = {**FIELDS[do], "until": "14:00"} if do == "away" else FIELDS[do]
    assert confirm(rt, do, **(fields or {"x": "y"})).status == 303
    assert not re.search(r"\{\w+\}|\bNone\b", unescape(visit(rt, link(do)).body))


moves = st.lists(
    st.tuples(st.sampled_from(DONE_BY_LINK), st.sampled_from(["GET", "HEAD", "POST"]), st.sampled_from(["2.0", "5.0"])),
    max_size=8,
)


@settings(max_examples=40)
@given(moves)
def test_in_any_order_each_link_acts_at_most_once_and_no_desk_is_overfull(visits):
    rt, versions = room(), [OURS.version]
    used: set[tuple[str, str]] = set()
    for do, method, mail in visits:
        page = visit(rt, link(do, mail), method, confirm="yes", **FIELDS[do])
        after = rt.memory.conversations[KEY].version
        if after > versions[-1]:
            assert method == "POST"
            assert page.status == 303
            assert (do, mail) not in used
            used.add((do, mail))
        versions.append(after)
        one = rt.memory.conversations[KEY]
        for who, desk in rt.memory.desks.items():
            assert (KEY in desk.focus) == (one.with_whom == who)


@pytest.mark.parametrize("do", DONE_BY_LINK)
def test_standing_is_open_only_where_the_heart_changes_something(do):
    """Over all states: what the page would offer, `obey` does; so nobody is asked for nothing."""
    shapes = [OURS, *MOVED.values(), *(replace(OURS, state=state) for state in State if state is not State.ENDED)]
    shapes += [replace(OURS, state=State.ENDED, outcome=outcome) for outcome in Outcome]
    for one in shapes:
        rt = room(one)
        open_ = standing(one, do, rt.memory.desks[ANNA], NOW) is Standing.OPEN
        if open_ and one.state is not State.CONSULTING:
            assert confirm(rt, do).status == 303, one
