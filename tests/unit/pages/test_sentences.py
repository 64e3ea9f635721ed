"""What a specialist is told after each thing that may have happened: by mail, and by every link that they click afterwards.

The sentences stand in tests/golden/told/<language>.txt, one row each, as they were last read by a person who asked of every
one whether it is true; `UPDATE_GOLDEN=1` writes them anew.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from undivided.desk import Desk
from undivided.mail.arrival import Notice
from undivided.mail.compose import Context, compose
from undivided.mail.parse import read
from undivided.message import Message
from undivided.outbox import Kind
from undivided.pages.action import DONE_BY_LINK
from undivided.state import Conversation, HandOver, Outcome, State
from undivided.steps.receive import receive
from undivided.texts import LANGUAGES
from undivided.values import SHOPPER
from unit.pages.test_action import OURS, link, visit
from unit.rules.mailroom import ANNA, KEVIN, KEY, NOW, OMAR, PASS, SHOP, Sent, address, runtime

GOLDEN = Path(__file__).parents[2] / "golden" / "told"
ANSWERED = replace(OURS, state=State.WITH_SHOPPER, settled=1, first_answer_at=NOW, answered_by=ANNA)
WRITTEN: dict[str, tuple[Conversation, str]] = {
    "won": (OURS, "/won 49.90 EUR\n"),
    "lost": (OURS, "/lost too dear\n"),
    "closed": (OURS, "/close\n"),
    "passed": (OURS, "/pass kevin\n"),
    "not mine": (OURS, "/notmine\n"),
    "released": (OURS, "/release\n"),
    "away": (OURS, "/away Monday\n"),
    "snoozed": (OURS, "/snooze Monday\n"),
    "asked": (OURS, "/ask kevin Which one?\n"),
    "noted and snoozed": (OURS, "/note She comes by.\n/snooze Monday\n"),
    "answered and passed": (OURS, "It fits.\n\n/pass kevin\n"),
    "passed when answered": (ANSWERED, "/pass\n"),
    "back, and it was here": (OURS, "/back\n"),
    "passed twice": (replace(OURS, specialist=KEVIN, parties=(ANNA, KEVIN), former={ANNA: HandOver.PASSED}), "/pass\n"),
    "undo too late": (ANSWERED, "/undo\n"),
    "help": (OURS, "/help\n"),
}
"""What stood, and what Anna wrote then."""
HAPPENED = {
    "silent, and Kevin has it": replace(OURS, specialist=KEVIN, parties=(ANNA, KEVIN), former={ANNA: HandOver.SILENT}),
    "silent, and it waits": replace(OURS, state=State.WAITING, specialist=None, former={ANNA: HandOver.SILENT}),
    "withdrawn": replace(OURS, state=State.ENDED, outcome=Outcome.WITHDRAWN),
    "bought, says the shopper": replace(OURS, state=State.ENDED, outcome=Outcome.WON),
    "lapsed": replace(OURS, state=State.ENDED, outcome=Outcome.LAPSED),
    "erased": replace(OURS, state=State.ENDED, outcome=Outcome.ERASED),
}
"""What happened without her."""


def room(language: str, one: Conversation) -> Any:
    rt = runtime(one, said=(Message(1, SHOPPER, NOW, "Which blade fits?"),))
    people = {who: replace(person, languages=(language,)) for who, person in SHOP.specialists.items()}
    rt.shop = replace(SHOP, specialists=people, languages=(language,))
    for who in (ANNA, KEVIN, OMAR):
        silent = one.former.get(who) is HandOver.SILENT
        rt.memory.desks[who] = Desk(who, version=1, focus={one.id: NOW} if one.with_whom == who else {}, silent=silent)
    return rt


def written(language: str, one: Conversation, text: str) -> tuple[Any, str]:
    """Take in her mail; return what stands then, and what the mail says that answers it."""
    rt = room(language, one)
    mail = Sent(to=(address(1),), text=text)
    rt.mails.texts.objects["received/in-1"] = mail.raw
    receive(Notice("in-1", "received/in-1", mail.to, mail.sender, PASS), rt)
    mine = [one for one in rt.memory.entries.values() if one.mail.to == ANNA]
    answers = [one for one in mine if one.mail.kind in (Kind.UNDERSTOOD, Kind.REFUSED)]
    context = Context(rt.shop, rt.ring, "https://x.example", NOW, attachment=lambda *_: b"", keep=lambda *_: "")
    mails = [read(compose(one, rt.conversations.record(KEY), context).raw) for one in answers]
    return rt, " // ".join(_first(one.text) for one in mails) or "(nothing)"


def _first(text: str) -> str:
    """Return what a mail says before its first list or link, on one line."""
    return " ".join(text.partition("\n\n--")[0].split())[:300]


def clicked(rt: Any, do: str) -> str:
    """Return headline and explanation of the page that a link opens."""
    body = visit(rt, link(do)).body
    inner = body.partition("<h1>")[2].partition("</main>")[0]
    shown = re.sub(r"<(form|footer).*?</\1>", " ", inner, flags=re.DOTALL)
    said = [" ".join(unescape(re.sub(r"<[^>]+>", " ", part)).split()) for part in shown.split("</h1>")]
    return " | ".join(filter(None, said)) + (" | (a button)" if 'method="post"' in body else "")


def table(language: str) -> str:
    rows = []
    for name, (before, text) in WRITTEN.items():
        rt, told = written(language, before, text)
        rows += [f"## {name}: {text.strip()!r}", f"mail: {told}", *(f"{do}: {clicked(rt, do)}" for do in DONE_BY_LINK)]
    for name, one in HAPPENED.items():
        rt = room(language, one)
        rows += [f"## {name}", *(f"{do}: {clicked(rt, do)}" for do in DONE_BY_LINK)]
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_as_it_was_read(language: str) -> None:
    path, found = GOLDEN / f"{language}.txt", table(language)
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, "utf-8")
    assert found == path.read_text("utf-8")
