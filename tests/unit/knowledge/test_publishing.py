"""The owner decides: asked first, done once, taken back by the same link; and what anybody then reads."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from undivided.knowledge.publishing import Decided, Standing, proposed
from undivided.message import Message
from undivided.pages.page import Page, Request
from undivided.record import Record
from undivided.state import Outcome
from undivided.steps.follow import follow
from undivided.steps.published import published
from undivided.texts import LANGUAGES
from undivided.values import SHOPPER
from unit.knowledge import owners
from unit.knowledge.owners import LINK, PROPOSAL, button, later, look, press
from unit.pages.shops import SHOP
from unit.sale.calls import ID, KEVIN, NOW, RING, conversation


def standing(rt):
    found = rt.publications.find("TR-300", ID, 4)
    return found.standing if found else None


def answers(rt, accept="application/json", **query: str) -> Page:
    headers = {"accept": accept, **({"if-none-match": query.pop("known")} if "known" in query else {})}
    return published(Request("GET", "/answers", {}, {"product": "TR-300", **query}, headers), rt)


def test_looking_changes_nothing_however_often() -> None:
    rt = owners.proposed()
    for do in ("publish", "decline", "take_back", "else", ""):
        shown = look(rt, do=do)
        assert shown.status == 200
        assert "Half a size; take 42.5 &lt;/script&gt;." in shown.body
    assert standing(rt) is None
    assert json.loads(answers(rt).body)["answers"] == []


def test_published_once_and_taken_back_by_the_same_link() -> None:
    rt = owners.proposed()
    assert button(press(rt, "publish")) == "take_back"
    assert button(press(rt, "publish")) == "take_back", "a double click"
    assert [one["answer"] for one in json.loads(answers(rt).body)["answers"]] == [PROPOSAL.answer]
    press(rt, "decline")
    assert standing(rt) is Standing.PUBLISHED, "a published answer is not declined any more"
    assert button(press(rt, "take_back")) == ""
    assert json.loads(answers(rt).body)["answers"] == []
    press(rt, "publish")
    assert standing(rt) is Standing.TAKEN_BACK, "the link is used up"
    assert rt.bus.told == [], "that is for whoever follows the stream"


@pytest.mark.parametrize(("standing", "said"), [
    (Standing.PUBLISHED, "answer_published"), (Standing.TAKEN_BACK, "answer_taken_back"), (Standing.DECLINED, ""),
])  # fmt: skip
def test_the_bus_is_told_of_a_decision_by_a_name_that_stays_the_same(standing, said) -> None:
    rt = owners.proposed()
    decided = Decided(PROPOSAL, ID, 4, standing, NOW)
    for _ in range(2):
        assert follow(decided, rt) == (said or "nothing to tell")
    assert [fact.name for fact, *_ in rt.bus.told] == [said] * (2 if said else 0)
    assert len({tuple(where) for _, *where in rt.bus.told}) == (1 if said else 0)


def test_what_was_declined_stays_so() -> None:
    rt = owners.proposed()
    assert button(press(rt, "decline")) == ""
    press(rt, "publish")
    assert standing(rt) is Standing.DECLINED


def test_without_the_button_nothing_happens() -> None:
    rt = owners.proposed()
    assert press(rt, "publish", confirm="").status == 400
    assert press(rt, "erase").status == 400
    assert standing(rt) is None


def test_it_ends_after_thirty_days_but_can_still_be_taken_back() -> None:
    rt = owners.proposed()
    assert button(look(later(rt, 31))) == ""
    press(later(rt, 31), "publish")
    assert standing(rt) is None
    press(rt, "publish")
    rt.memory.conversations.clear()
    assert button(look(later(rt, 500))) == "take_back", "also when the conversation has expired"
    press(later(rt, 500), "take_back")
    assert standing(rt) is Standing.TAKEN_BACK


@pytest.mark.parametrize("link", [
    LINK.replace("TR-300", "TR-301"), LINK.replace("s=4.", "s=5."), LINK[:-1] + ("a" if LINK[-1] != "a" else "b"),
    LINK.replace("/p/", "/p/a"), LINK.partition("&s=")[0], LINK.replace("sku=TR-300&", ""),
])  # fmt: skip
def test_a_changed_link_opens_nothing(link: str) -> None:
    rt = owners.proposed()
    assert look(rt, link).status == 404
    assert press(rt, "publish", link).status == 404
    assert standing(rt) is None


@pytest.mark.parametrize("changed", [{"outcome": Outcome.ERASED}, {"taken_back": (4,)}])
def test_what_was_erased_or_undone_cannot_be_published(changed) -> None:
    rt = owners.proposed()
    rt.memory.conversations[ID] = replace(rt.memory.conversations[ID], **changed)
    assert press(rt, "publish").status == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fragment_holds_valid_linked_data_and_nothing_that_escapes(language) -> None:
    rt = owners.proposed()
    press(rt, "publish")
    page = answers(rt, "text/html", lang=language if language == "en" else "")
    assert page.headers["Content-Type"].startswith("text/html")
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.body, re.DOTALL)
    (data,) = json.loads(script)
    assert (data["@context"], data["@type"]) == ("https://schema.org", "QAPage")
    question = data["mainEntity"]
    assert (question["@type"], question["answerCount"], question["name"]) == ("Question", 1, PROPOSAL.question)
    assert question["acceptedAnswer"]["text"] == PROPOSAL.answer
    assert question["acceptedAnswer"]["author"] == {"@type": "Person", "name": "Kevin"}
    assert {"datePublished", "dateCreated"} <= set(question) & set(question["acceptedAnswer"])
    assert page.body.count("</script>") == 1
    assert ID not in page.body


def test_caches_may_keep_it_and_other_sites_may_read_it() -> None:
    rt = owners.proposed()
    press(rt, "publish")
    page = answers(rt)
    assert page.headers["Access-Control-Allow-Origin"] == "*"
    assert "public" in page.headers["Cache-Control"]
    again = answers(rt, known=f"W/{page.headers['ETag']}")
    assert (again.status, again.body, again.headers["ETag"]) == (304, "", page.headers["ETag"])
    press(rt, "take_back")
    assert answers(rt, known=page.headers["ETag"]).status == 200


def test_a_product_must_be_named_and_one_without_answers_has_none() -> None:
    rt = owners.proposed()
    assert answers(rt, product="").status == 400
    assert answers(rt, product="x" * 300).status == 400
    assert json.loads(answers(rt, product="else").body)["answers"] == []
    assert answers(rt, "text/html", product="else").body == ""
    press(rt, "publish")
    assert json.loads(answers(rt, format="json", lang="de").body)["answers"] == []


def test_a_proposal_holds_no_personal_data_and_says_what_was_taken_out() -> None:
    said = Message(2, KEVIN, NOW, "Hi Anna,\n\nhalf a size, Anna Schmidt. Call +49 30 1234567.\n\nKevin")
    asked = Message(1, SHOPPER, NOW, "Hello,\n\nmy name is Anna Schmidt, order 100234. Do they run small?")
    found = proposed(Record(conversation(), (asked, said)), said, SHOP, RING)
    assert found is not None
    assert found.answer == "half a size, […] Schmidt. Call […].\n\nKevin"
    assert found.question == "my name is […], order […]. Do they run small?"
    assert found.blanked == "name 2, order 1, phone 1"
