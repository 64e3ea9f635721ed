"""Commands about colleagues that cannot be carried out come back with a reason, in the language of who wrote them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from undivided.mail.arrival import Notice
from undivided.outbox import Kind
from undivided.state import State
from undivided.steps.receive import receive
from undivided.texts import LANGUAGES, say
from unit.rules.mailroom import ANNA, CONVERSATION, KEY, PASS, SHOP, Sent, address, runtime

OURS = replace(CONVERSATION, former={}, parties=(ANNA,))


def refused(text: str, language: str, one=OURS) -> dict[str, str]:
    """Send a mail as Anna, who speaks `language`, and return what the mail that comes back is made of."""
    rt = runtime(one)
    anna = replace(SHOP.specialists[ANNA], languages=(language,))
    rt.shop = replace(SHOP, specialists={**SHOP.specialists, ANNA: anna})
    mail = Sent(to=(address(1),), text=text)
    rt.mails.texts.objects["received/in-1"] = mail.raw
    receive(Notice("in-1", "received/in-1", mail.to, mail.sender, PASS), rt)
    assert rt.memory.conversations[KEY].state is one.state, "nothing was done"
    assert rt.memory.messages.get(KEY, {}) == {}, "and nothing was said"
    (back,) = [entry.mail for entry in rt.memory.entries.values()]
    assert (back.to, back.kind) == (ANNA, Kind.REFUSED)
    return dict(back.data)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("/ask nobody\n\nDo you know?\n", "command.no_colleague", "/ask nobody"),
        ("/pass nobody\n", "command.no_colleague", "/pass nobody"),
        ("/pass anna\n\nFor me.\n", "command.yourself", "/pass anna"),
        ("/ask anna\n\nFor me.\n", "command.yourself", "/ask anna"),
    ],
)
def test_a_colleague_whom_nobody_knows(text, key, line, language):
    found = refused(text, language)
    assert found["errors"] == say(language, key, line=line)
    assert found["text"].split() == text.split(), "ready to be sent again"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["/ask kevin\n\nDo you know?\n", "/undo\n", "/ask kevin which one?\n"])
def test_what_would_change_nothing_says_so_instead_of_falling_silent(text, language):
    answered = replace(OURS, state=State.WITH_SHOPPER, settled=1)
    found = refused(text, language, answered)
    why = "too_late" if text.startswith("/undo") else "idle"
    assert found["errors"] == say(language, f"command.{why}", lines=text.splitlines()[0])
    assert found["text"].split() == text.split()
