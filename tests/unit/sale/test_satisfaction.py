"""Whether it helped: asked once, in the last answer or a mail of its own; a page asks before anything is recorded."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from undivided.attention.duty import Given
from undivided.changes import Changes
from undivided.closing import end, rate
from undivided.conversation import shopper_writes
from undivided.expertise.taught import ANSWERED, PRAISED, taught_by
from undivided.mail.compose import compose
from undivided.mail.keys import SATISFACTION, STATUS, link_key
from undivided.message import Message
from undivided.obey import Order, obey
from undivided.outbox import Kind
from undivided.pages.page import Request
from undivided.state import Mark, Outcome, State
from undivided.steps.learn import TEACHES
from undivided.steps.rating import rating
from undivided.texts import LANGUAGES
from undivided.values import SHOPPER
from undivided.wanted import wanted
from unit.mail_writing.letters import in_language
from unit.sale.calls import ID, KEVIN, NOW, RING, conversation, shop, stands

KEY = link_key(RING, ID, 0, SATISFACTION)


def done(word="close", text="", **changed):
    one = conversation(**changed)
    changes = obey(one, KEVIN, Message(0, KEVIN, NOW, text), (Order(word),), one.said, Given(shop().shop, NOW))
    assert changes is not None
    return changes


def asked(changes):
    return [
        mail.kind
        for mail in changes.mails
        if mail.to == SHOPPER and (mail.kind is Kind.CLOSED or mail.data.get("survey"))
    ]


@pytest.mark.parametrize("word", ["close", "won"])
def test_it_is_asked_at_the_end_that_a_specialist_makes(word):
    assert asked(done(word)) == [Kind.CLOSED]
    assert asked(done(word, "Enjoy it.")) == [Kind.ANSWER], "in the answer itself: one mail, not two"
    assert len([mail for mail in done(word, "Enjoy it.").mails if mail.to == SHOPPER]) == 1
    assert done(word).after.surveyed


@pytest.mark.parametrize(("word", "changed"), [
    ("lost", {}), ("close", {"surveyed": True}), ("close", {"unreachable": "550"}), ("close", {"first_answer_at": None}),
])  # fmt: skip
def test_and_otherwise_not(word, changed):
    assert asked(done(word, **changed)) == []


def test_it_is_asked_once_in_the_life_of_a_conversation():
    given = Given(shop().shop, NOW)
    closed = done().after
    again = shopper_writes(closed, Message(0, SHOPPER, NOW, "And this?"), given)
    assert again is not None
    reopened = replace(
        again.after, version=2, state=State.WITH_SHOPPER, settled=again.after.said, specialist=KEVIN, places=()
    )
    second = obey(reopened, KEVIN, Message(0, KEVIN, NOW, "Yes."), (Order("close"),), reopened.said, given)
    assert second is not None
    assert second.after.outcome is Outcome.ANSWERED
    assert asked(second) == []


def test_nobody_is_asked_after_silence_or_by_an_order():
    for by, outcome in (("clock", Outcome.LAPSED), ("order", Outcome.WON), (SHOPPER, Outcome.WITHDRAWN)):
        changes = end(conversation(), outcome, Given(shop().shop, NOW), by=by)
        assert changes is not None
        assert asked(changes) == []


def test_a_conversation_that_goes_on_is_not_called_closed():
    changes = done()
    (mail,) = [one for one in changes.mails if one.kind is Kind.CLOSED]
    assert wanted(mail, changes.after)
    assert not wanted(mail, replace(changes.after, state=State.WAITING, outcome=None))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["closed", "answer.last"])
def test_the_mail_has_a_link_for_each_answer(name, language):
    raw = compose(*in_language(language, name)).raw
    mail = message_from_bytes(raw, policy=policy.default)
    for kind in ("plain", "html"):
        content = mail.get_body((kind,)).get_content()
        for mark in Mark:
            assert f"/s/{KEY}?mark={mark}" in content
    entry, record, context = in_language(language, "answer.last")
    rated = replace(record, conversation=replace(record.conversation, rated="yes"))
    assert b"/s/" not in compose(entry, rated, context).raw


# --- the page --------------------------------------------------------------------------------------------------


def closed():
    return shop(done().after)


def get(rt, key=KEY, **query):
    return rating(Request("GET", f"/s/{key}", {"key": key}, query), rt)


def post(rt, body, key=KEY):
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return rating(Request("POST", f"/s/{key}", {"key": key}, {}, headers, body.encode()), rt)


def test_a_link_that_a_scanner_follows_records_nothing():
    rt = closed()
    before = stands(rt)
    for mark in Mark:
        page = get(rt, mark=str(mark))
        assert page.status == 200
        assert 'method="post"' in page.body
        assert f'value="{mark}"' in page.body
        assert page.headers["Cache-Control"] == "no-store"
    assert stands(rt) == before


def test_the_button_records_it_once():
    rt = closed()
    assert post(rt, "do=partly&confirm=yes").status == 200
    first = stands(rt)
    assert (first.rated, first.state) == ("partly", State.ENDED)
    assert post(rt, "do=yes&confirm=yes").status == 200
    assert stands(rt) == first
    assert 'method="post"' not in get(rt, mark="yes").body


def test_the_decision_tells_who_it_is_about_and_only_once():
    one = done().after
    changes = rate(one, Mark.NO, NOW)
    assert isinstance(changes, Changes)
    assert [(fact.name, fact.data) for fact in changes.facts] == [("rated", {"mark": "no", "specialist": "kevin"})]
    assert rate(changes.after, Mark.NO, NOW) is None
    assert rate(conversation(), Mark.YES, NOW) is None, "nobody had been asked"
    assert rate(replace(one, outcome=Outcome.ERASED), Mark.YES, NOW) is None


@pytest.mark.parametrize(
    ("body", "status"), [("", 400), ("do=yes", 400), ("do=great&confirm=yes", 400), ("do=yes&confirm=", 400)]
)
def test_what_is_no_answer_changes_nothing(body, status):
    rt = closed()
    assert post(rt, body).status == status
    assert stands(rt).rated == ""


@pytest.mark.parametrize("key", ["", "x", link_key(RING, ID, 0, STATUS), KEY[:-1] + ("a" if KEY[-1] != "a" else "b")])
def test_another_key_opens_nothing(key):
    rt = closed()
    assert get(rt, key, mark="yes").status == 404
    assert post(rt, "do=yes&confirm=yes", key).status == 404
    assert stands(rt).rated == ""


def test_no_mark_in_the_link_says_so():
    assert get(closed()).status == 400


# --- what is learned from it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["close", "won"])
def test_a_yes_teaches_more_and_a_no_little(word):
    one = done(word).after
    taught = {mark: taught_by(replace(one, rated=mark)) for mark in ("", *Mark)}
    weights = {mark: lesson.weight for mark, lesson in taught.items() if lesson and lesson.specialist == KEVIN}
    assert weights["yes"] == weights[""] + PRAISED
    assert weights["partly"] == weights[""]
    assert weights["no"] == ANSWERED < weights[""]


def test_a_mark_is_taken_to_the_one_who_learns():
    assert "rated" in TEACHES
