"""Every page that a person sees, by name, drawn in the language that is asked for."""

from __future__ import annotations

from dataclasses import replace

from undivided.desk import Desk
from undivided.mail.keys import SATISFACTION, link_key
from undivided.pages.action import DONE_BY_LINK, Asked, ask_page, told_page
from undivided.pages.choice import Look, choice_page
from undivided.pages.form import form_again, form_page
from undivided.pages.forms import Errors, read_question
from undivided.pages.page import Page, Request
from undivided.pages.status import MOST_SHOWN, Visit, confirm_page, received_page, sorry_page, status_page
from undivided.record import Record
from undivided.standing import Standing
from undivided.state import HandOver, Mark, Outcome, State, Stood
from undivided.steps.rating import rating
from unit.knowledge import owners
from unit.mail_writing.letters import ANNA, CONVERSATION, MESSAGES, NOW, SENT
from unit.pages.shops import JANE, KEVIN, SHOP
from unit.sale import calls

ACTION = "https://desk.shop.example/q/abc"


def visit(place=None, language="en", **changes):
    conversation = replace(CONVERSATION, shopper=replace(ANNA, language=language), **changes)
    return Visit(SHOP, Record(conversation, MESSAGES), ACTION, NOW, "tok", place)


def wrong(language="en", **fields):
    errors = read_question({"language": language, **fields}, SHOP)
    assert isinstance(errors, Errors)
    return form_again(SHOP, errors, "https://desk.shop.example/questions")


def asked_to_rate(language: str, rated: Mark | None = None) -> Page:
    shopper = replace(calls.conversation().shopper, language=language)
    one = calls.conversation(shopper=shopper, state=State.ENDED, outcome=Outcome.ANSWERED, rated=rated)
    key = link_key(calls.RING, one.id, 0, SATISFACTION)
    return rating(Request("GET", f"/s/{key}", {"key": key}, {"mark": "partly"}), calls.shop(one))


def act(language: str, do: str, *wrong: str) -> Asked:
    desk = Desk(KEVIN.id)
    return Asked(replace(SHOP, reasons=("too expensive",)), CONVERSATION, desk, do, ACTION, "n", language, NOW, wrong)


def choice(language: str, **changes: object) -> Page:
    """Kevin matched best and was busy; Jane got it, and passed it on to him."""
    kevin, jane = CONVERSATION.ranking
    parts = {"description": 0.42, "past": 1.31, "words": -0.2, "product": 0.41, "returning": 0.26, "fairness": -0.03}
    rows = (
        replace(kevin, parts=parts, stood=Stood.BUSY),
        replace(jane, parts={"description": 0.7, "newcomer": -0.11}, stood=Stood.FREE),
    )
    one = replace(CONVERSATION, ranking=rows, **{"former": {JANE.id: HandOver.NOT_MINE}, **changes})
    return choice_page(Look(SHOP, Record(one, MESSAGES, SENT), language))


PAGES = {
    "form": lambda language: form_page(
        SHOP, language, {"sku": "TR-300", "token": "t"}, "https://desk.shop.example/questions"
    ),
    "errors": lambda language: wrong(
        language, name="", email="anna@gmial", question="Line one\n\n  line two <b>", sku="TR-300"
    ),
    "waiting": lambda language: status_page(visit(3, language, state=State.WAITING)),
    "many": lambda language: status_page(visit(MOST_SHOWN + 1, language, state=State.WAITING, promise=None)),
    "next": lambda language: status_page(visit(1, language, state=State.WAITING)),
    "focus": lambda language: status_page(visit(language=language)),
    "answered": lambda language: status_page(visit(language=language, state=State.WITH_SHOPPER, settled=5)),
    "snoozed": lambda language: status_page(visit(language=language, state=State.SNOOZED)),
    "consulting": lambda language: status_page(visit(language=language, state=State.CONSULTING)),
    "unreachable": lambda language: status_page(visit(language=language, unreachable="550")),
    **{
        f"ended {one}": lambda language, one=one: status_page(visit(language=language, state=State.ENDED, outcome=one))
        for one in Outcome
    },
    "bought": lambda language: confirm_page(visit(language=language), "bought"),
    "withdraw": lambda language: confirm_page(visit(language=language), "withdraw"),
    "asked to rate": asked_to_rate,
    "rated": lambda language: asked_to_rate(language, Mark.YES),
    **{f"asked {do}": lambda language, do=do: ask_page(act(language, do)) for do in DONE_BY_LINK},
    "asked won, wrong": lambda language: ask_page(act(language, "won", "This is no amount: x"), 400),
    **{
        f"told {stands or 'used'}": lambda language, stands=stands: told_page(act(language, "won"), stands)
        for stands in (Standing.DONE, Standing.MOVED, Standing.OVER, None)
    },
    "asked to publish": lambda language: owners.look(owners.proposed(), do="publish", language=language),
    "shown to the owner": lambda language: owners.look(owners.proposed(), language=language),
    "choice": choice,
    "choice that nobody fits": lambda language: choice(language, fits=False, parties=(), former={}),
    "received": lambda language: received_page(SHOP, language),
    **{
        why: lambda language, why=why: sorry_page(SHOP, language, why, 404)
        for why in ("missing", "again", "unreadable")
    },
}
