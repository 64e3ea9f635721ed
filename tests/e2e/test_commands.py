"""Each command of the grammar by mail, in English and in German: what follows from it where somebody sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from e2e.journeys import named, takes_long
from e2e.mail import answer, every_byte, holds, words
from e2e.shop import people
from e2e.world import Talk, World, call, eventually
from undivided.mail.commandwords import shown
from undivided.state import State

pytestmark = pytest.mark.e2e

LINK = re.compile(r"https?://[^\s>\"]+/o/[a-z2-7]+\?sku=[\w-]+")


@dataclass(frozen=True)
class Desk:
    """Specialists of one language, and their mail programs."""

    world: World
    language: str
    team: str

    def __str__(self) -> str:
        return f"{self.team}-{self.language}"

    @property
    def people(self) -> tuple[str, ...]:
        return people(str(self))

    def ask(self, text: str = "Which one fits?") -> Talk:
        return self.world.ask(str(self), text, language=self.language)

    def word(self, name: str) -> str:
        """Return a command as its speakers write it."""
        return f"/{shown(name, self.language)}"

    def understood(self, name: str) -> str:
        """Return how the confirmation of a command begins."""
        return f"{self.say('Understood:', 'Verstanden:')} {self.word(name)}"

    def say(self, en: str, de: str) -> str:
        return de if self.language == "de" else en

    def reply(self, mail: EmailMessage, who: str, text: str) -> None:
        """Answer above the quote of `mail`, under the line that mail programs of this language write."""
        sent = answer(mail, who, text)
        if self.language == "de":
            quoted = re.sub(
                r"(?m)^On .* wrote:$", f"Am {datetime.now(UTC):%d.%m.%Y um %H:%M} schrieb Anna:", words(sent)
            )
            sent.set_content(quoted, cte="quoted-printable")
        self.world.post.send(sent)


def in_both(journey: Any) -> tuple[Any, ...]:
    """Return a journey in English and in German."""

    def one(language: str) -> Any:
        def run(world: World) -> None:
            journey(world, language)

        run.__name__ = f"{journey.__name__}-{language}"
        return takes_long(run) if hasattr(journey, "takes_long") else run

    return one("en"), one("de")


def _nothing_leaks(talk: Talk, *secrets: str) -> None:
    """No byte of these stands in any mail to the shopper, nor on the status page."""
    read = "".join(map(every_byte, talk.read_by_shopper())) + talk.page()
    assert not [one for one in secrets if one in read]


def note_template_offer_call_and_won(world: World, language: str) -> None:
    desk = Desk(world, language, "selling")
    (who,) = desk.people
    talk = desk.ask()
    asked = talk.brought(who)
    secret, noted = f"secret{talk.mark}", f"inside{talk.mark}"
    desk.reply(asked, who, f"{desk.word('note')} {noted}\n\n{secret}: she haggles")
    talk.told(who, desk.understood("note"))
    price = desk.say("449.00 EUR", "449,00 €")
    added = (
        f"{desk.word('template')} descaling\n{desk.word('offer')} HAND-48 {price}\n{desk.word('call')} +49 30 123456"
    )
    desk.reply(asked, who, f"{added}\n\n{desk.say('Take this one', 'Nehmen Sie diese')} {talk.mark}.")
    heard = talk.heard(f"{desk.say('Take this one', 'Nehmen Sie diese')} {talk.mark}.")
    text = words(heard)
    assert desk.say("20 g of citric acid", "20 g Zitronensäure") in text
    assert "Handy 48 hand grinder" in text
    assert "+49 30 123456" in text
    assert desk.say("/offer", "/angebot") not in text
    _a_click_leads_to_the_shop(talk, heard)
    amount = desk.say("1,299.00 EUR", "1.299,00 €")
    desk.reply(talk.brought(who), who, f"{desk.word('won')} {amount}\n\n{desk.say('Enjoy it', 'Viel Freude')}!")
    talk.heard(desk.say("Enjoy it", "Viel Freude"))
    assert talk.outcome() == "won"
    assert str(talk.record().conversation.sale) == "1299.00 EUR"
    talk.told(who, f"{desk.understood('won')} 1299.00 EUR")
    assert desk.say("You bought it", "Sie haben gekauft") in talk.page()
    _nothing_leaks(talk, secret, noted, "haggles", desk.say("/won", "/gewonnen"))


def _a_click_leads_to_the_shop(talk: Talk, heard: EmailMessage) -> None:
    """A scanner and a reader open the same link: both are led on, neither has bought anything by it."""
    link = LINK.search(every_byte(heard))
    assert link, words(heard)
    before = talk.record().conversation
    for number in range(2):
        led = call(link[0])
        assert led.status == 302, number
        assert led.headers["Location"].startswith("https://shop.example/p/hand-48?undivided=")
    elsewhere = call(f"{link[0].partition('?')[0]}?sku=https://evil.example/")
    assert elsewhere.headers["Location"].startswith("https://shop.example?undivided=")
    after = talk.record().conversation
    assert (after.state, after.outcome, after.version) == (State.WITH_SHOPPER, None, before.version)


def pass_and_lost(world: World, language: str) -> None:
    desk = Desk(world, language, "passing")
    first, second = desk.people
    talk = desk.ask()
    reason = f"{desk.say('not my field', 'nicht mein Gebiet')} {talk.mark}"
    desk.reply(talk.brought(first), first, f"{desk.word('pass')}")
    talk.told(first, desk.understood("pass"))
    brought = talk.brought(second)
    desk.reply(talk.brought(first), first, f"Too late {talk.mark}")
    desk.reply(brought, second, f"{desk.word('lost')} {reason}")
    assert talk.outcome() == "lost"
    assert talk.record().conversation.reason == reason
    talk.told(second, f"{desk.understood('lost')} {reason}")
    eventually(lambda: [one for one in talk.record().messages if one.note and "Too late" in one.text], "the late note")
    _nothing_leaks(talk, "Too late", reason)


def ask_a_colleague_and_close(world: World, language: str) -> None:
    desk = Desk(world, language, "asking")
    asker, colleague = desk.people
    talk = desk.ask()
    inside, opinion = f"Does oak creak {talk.mark}", f"Only when wet {talk.mark}"
    asked = talk.brought(asker)
    desk.reply(asked, asker, f"{desk.word('ask')} {colleague.partition('@')[0]}\n\n{inside}?")
    desk.reply(talk.told(colleague, inside), colleague, opinion)
    advised = talk.told(asker, opinion)
    desk.reply(advised, asker, desk.say(f"No, it does not, {talk.mark}.", f"Nein, das tut es nicht, {talk.mark}."))
    talk.heard(desk.say("No, it does not", "Nein, das tut es nicht"))
    desk.reply(advised, asker, desk.word("close"))
    assert talk.outcome() == "answered"
    closing = talk.post.wait(talk.shopper, lambda mail: "/s/" in words(mail))
    assert closing["Auto-Submitted"] == "auto-generated"
    _nothing_leaks(talk, inside, opinion)


def away_and_back(world: World, language: str) -> None:
    desk = Desk(world, language, "away")
    first, second = desk.people
    talk = desk.ask()
    mail = talk.brought(first)
    desk.reply(mail, first, f"{desk.word('away')} {desk.say('until Monday', 'bis Montag')}")
    brought = talk.brought(second)
    talk.told(first, desk.understood("away"))
    desk.reply(brought, second, f"I have taken over {talk.mark}.")
    talk.heard(f"I have taken over {talk.mark}.")
    another = desk.ask(desk.say("And in oak?", "Und in Eiche?"))
    another.brought(second)
    desk.reply(mail, first, desk.word("back"))
    talk.told(first, desk.understood("back"))
    third = desk.ask(desk.say("And in beech?", "Und in Buche?"))
    third.brought(first)


@takes_long
def snooze(world: World, language: str) -> None:
    """The smallest time that people write; it comes back by itself, and is answered then."""
    desk = Desk(world, language, "snoozing")
    (who,) = desk.people
    talk = desk.ask()
    desk.reply(talk.brought(who), who, f"{desk.word('snooze')} {desk.say('in 1 minute', 'in 1 Minute')}")
    eventually(lambda: talk.record().conversation.state is State.SNOOZED, "rest")
    talk.told(who, desk.understood("snooze"))
    back = talk.brought(who, count=2)
    desk.reply(back, who, f"Now I know {talk.mark}.")
    talk.heard(f"Now I know {talk.mark}.")


def mistaken_help_and_publish(world: World, language: str) -> None:
    desk = Desk(world, language, "mistaken")
    (who,) = desk.people
    talk = desk.ask()
    asked = talk.brought(who)
    desk.reply(asked, who, desk.word("help"))
    helped = talk.told(who, desk.say("What you can write", "Was Sie"))
    for name in ("won", "lost", "pass", "note", "ask", "snooze", "away", "back", "offer", "call", "template", "undo"):
        assert desk.word(name) in words(helped), name
    secret = f"secret{talk.mark}"
    wrong = desk.say("/wonn 49.90 EUR", "/gewonen 49,90 €")
    text = f"Grüße aus Köln, {secret}\n\n  zwei Zeilen & <eine> Klammer"
    desk.reply(asked, who, f"{wrong}\n\n{text}")
    explained = talk.told(who, secret)
    assert wrong in words(explained)
    assert f"{desk.word('won')}?" in words(explained), "did you mean"
    for line in text.split("\n\n"):
        assert line in words(explained)
    stray = f"middle{talk.mark}"
    desk.reply(asked, who, f"{stray}\n{desk.word('close')}\nand more words")
    talk.told(who, stray)
    desk.reply(asked, who, f"{desk.word('won')} 5\n{desk.word('lost')}\n\nboth{talk.mark}")
    talk.told(who, f"both{talk.mark}")
    assert talk.record().conversation.outcome is None
    assert talk.post.stays_away(talk.shopper, holds(talk.mark), seconds=1)
    corrected = desk.say("/won 49.90 EUR", "/gewonnen 49,90 €")
    desk.reply(explained, who, f"{corrected}\n\nfair{talk.mark}")
    talk.heard(f"fair{talk.mark}")
    assert str(talk.record().conversation.sale) == "49.90 EUR"
    _nothing_leaks(talk, secret, stray, f"both{talk.mark}")


JOURNEYS = (
    *in_both(snooze),
    *in_both(note_template_offer_call_and_won),
    *in_both(mistaken_help_and_publish),
    *in_both(ask_a_colleague_and_close),
    *in_both(pass_and_lost),
    *in_both(away_and_back),
)


@pytest.mark.parametrize("journey", JOURNEYS, ids=named)
def test_it_does_what_it_says(journey, under_way):
    under_way[journey].result()
