"""What a mail shows: the words it carries, the talk so far, and the card that a specialist gets with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup

from undivided import why
from undivided.links import ACT_FOR, act_url, offer_url
from undivided.mail.commandwords import shown as command_word
from undivided.mail.invitation import tel
from undivided.mail.keys import OFFER, link_key
from undivided.mail.masking import plainly
from undivided.mail.ours import blank, leaks
from undivided.mail.reader import Context, Reader
from undivided.mail.sanitise import bare_text, sanitise
from undivided.mail.wire import clean
from undivided.message import Message
from undivided.outbox import Entry, Kind
from undivided.promise.quote import day, span
from undivided.promise.quote import name as name_moment
from undivided.promise.quote import say as say_promise
from undivided.question import About, CallBack
from undivided.record import Record
from undivided.rendering import paragraphs
from undivided.state import Ranked
from undivided.texts import shortened, texts
from undivided.values import SHOPPER, SpecialistId, moment

if TYPE_CHECKING:
    from undivided.knowledge.answers import Answer

ACTIONS = ("won", "lost", "pass", "not_mine", "release", "away", "note")
_HISTORY = 6
_QUOTED = 3000
_ASKED = 300
"""Letters of an earlier question that are enough to see whether it is the same."""
_PARAGRAPH = "margin:0 0 12px"


@dataclass(frozen=True, slots=True)
class Words:
    """One message as it is shown. `html` is safe, and says exactly what `text` says."""

    intro: str
    """Who said it, and when."""
    text: str
    html: Markup
    remark: str = ""
    note: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier answer to a similar question."""

    intro: str
    """Who answered, when, and about what."""
    question: str
    text: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the card."""

    label: str
    value: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class OfferCard:
    """An offered article as the shopper sees it."""

    title: str
    price: str
    url: str
    """The tracked link."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a specialist can do with the conversation."""

    label: str
    command: str
    """What to write on the first line of a reply."""
    mailto: str
    url: str = ""


def carried(entry: Entry, record: Record) -> tuple[Message, ...]:
    """Return the messages that this mail brings: the one it carries, or the shopper's after `since` up to `upto`.

    What colleagues have noted meanwhile comes along: the answer to a question among them, or a word with what was passed on.
    """
    mail = entry.mail
    if mail.kind is Kind.CONSULT:
        asked = [one for one in record.messages if one.note and one.author == record.conversation.specialist]
        return tuple(asked[-1:])
    if mail.to == SHOPPER or not mail.upto:
        one = record.message(mail.message)
        return (one,) if one and _may_see(mail.to, one, record) else ()
    since = int(mail.data.get("since", mail.upto - 1))
    asked = [one for one in record.messages if one.author == SHOPPER and since < one.number <= mail.upto]
    noted = [
        one for one in record.messages if one.note and one.author != mail.to and since < one.number <= entry.number
    ]
    return (*asked, *(one for one in noted if _may_see(mail.to, one, record)))


def earlier(entry: Entry, record: Record, brought: Sequence[Message]) -> tuple[Message, ...]:
    """Return the last messages before those that the mail brings, newest first."""
    to, held = entry.mail.to, record.conversation.held
    first = min((one.number for one in brought), default=entry.number + 1) if to == SHOPPER else entry.number + 1
    seen = [one for one in record.messages if one.number < first and one not in brought and _may_see(to, one, record)]
    return tuple(reversed([one for one in seen if to != SHOPPER or one.number != held][-_HISTORY:]))


def _may_see(to: str, message: Message, record: Record) -> bool:
    """Say whether a message is for these eyes: no note for a shopper, nothing taken back for anybody but its writer."""
    if message.note and to == SHOPPER:
        return False
    return message.number not in record.conversation.taken_back or message.author == to


def words(message: Message, record: Record, reader: Reader, context: Context) -> Words:
    """Show one message to `reader`."""
    text = _safe(message.text, reader, context)
    return Words(
        intro=introduction(message, record, reader, context),
        text=text,
        html=_html(message, reader, context) or paragraphs(text, _PARAGRAPH),
        remark=_remark(message, reader),
        note=message.note,
    )


def quoted(message: Message, record: Record, reader: Reader, context: Context) -> Words:
    """Show an earlier message: its text alone, cut where it is long."""
    text = _safe(message.text, reader, context)
    short = shortened(text, _QUOTED)
    return Words(
        introduction(message, record, reader, context), short, paragraphs(short, _PARAGRAPH), note=message.note
    )


def earlier_answer(one: Answer, reader: Reader, context: Context) -> Earlier:
    """Show an earlier answer; its text was cleaned when it was kept, and passes the same last door as all words."""
    key = "earlier.by.product" if one.product else "earlier.by"
    intro = reader.say(key, who=one.who, when=day(one.when, reader.zone, reader.language), product=one.product)
    said = _safe(shortened(one.answer, _QUOTED), reader, context)
    asked = " ".join(_safe(shortened(one.question, _ASKED), reader, context).split())
    return Earlier(intro, asked, said, paragraphs(said, _PARAGRAPH))


def introduction(message: Message, record: Record, reader: Reader, context: Context) -> str:
    who = author(message.author, record, context)
    key = "said.note" if message.note else "said.by"
    return reader.say(key, who=who, when=_when(message.at, reader))


def author(who: str, record: Record, context: Context) -> str:
    """Return the first name of whoever wrote."""
    if who == SHOPPER:
        return first_name(record.conversation.shopper.name)
    person = context.shop.specialists.get(SpecialistId(who))
    return person.first_name if person else context.shop.name


def first_name(name: str) -> str:
    """Return how to call somebody; an address given as a name loses everything from its @ on."""
    return next(iter(plainly(clean(name)).split()), "…")[:40]


def promised(due: str, reader: Reader, context: Context) -> str:
    """Return a promise as a phrase; `due` is a moment as `values.stamp` writes it, empty for none."""
    if not due:
        return ""
    return say_promise(moment(due), context.now, reader.zone, reader.language, with_zone=not reader.zone_known)


def card(record: Record, reader: Reader, context: Context) -> tuple[Row, ...]:
    """Return who asks, about what, why this specialist, and what was promised."""
    conversation = record.conversation
    rows = [Row(reader.say("card.who"), first_name(conversation.shopper.name)), *_product(conversation.about, reader)]
    if number := clean(conversation.shopper.phone):
        rows.append(Row(reader.say("card.phone"), number, "" if "*" in number else tel(number)))
    if wanted := conversation.call_back:
        rows.append(Row(reader.say("card.call"), call_time(wanted, reader)))
    mine = next((one for one in conversation.ranking if one.specialist == reader.to), None)
    if mine:
        rows += _why(mine, reader, context)
    if conversation.promise:
        phrase = say_promise(conversation.promise.due, context.now, reader.zone, reader.language)
        rows.append(Row(reader.say("card.promise"), phrase))
    return tuple(rows)


def _why(mine: Ranked, reader: Reader, context: Context) -> list[Row]:
    """Return why the reader was chosen, and what would have changed the choice."""
    rows = [(reader.say("card.why"), why.listed(mine.reasons, reader.language))]
    rival = context.shop.specialists.get(mine.otherwise) if mine.otherwise else None
    if mine.decisive and rival:
        decided = why.said(mine.decisive, reader.language)
        rows.append((reader.say("card.decided"), reader.say("card.without", reason=decided, name=rival.first_name)))
    return [Row(label, value) for label, value in rows if value]


def call_time(wanted: CallBack, reader: Reader) -> str:
    """Return when a call is wanted, on the reader's clock."""
    return span(wanted.start, wanted.end, reader.zone, reader.language, with_zone=not reader.zone_known)


def actions(entry: Entry, record: Record, reader: Reader, context: Context, subject: str) -> tuple[Action, ...]:
    """Return the commands as mail that is ready to be sent, and but for a note as links that ask before they act."""
    if reader.party is None or record.conversation.consulted == reader.to:
        return ()
    party, conversation = reader.party, record.conversation.id
    mail, until = f"{entry.number}.{entry.index}", context.now + ACT_FOR

    def action(name: str) -> Action:
        word = f"/{command_word(name, reader.language)}"
        mailto = f"mailto:{reader.reply}?subject={quote(subject, safe='')}&body={quote(f'{word} ', safe='')}"
        url = act_url(context.public_url, context.ring, conversation, party, name, mail, until)
        return Action(
            reader.say(f"action.{name}"),
            f"{word}{texts(reader.language).get(f'action.{name}.more', '')}",
            mailto,
            "" if name == "note" else url,
        )

    return tuple(action(name) for name in ACTIONS)


def offers(message: Message, record: Record, context: Context) -> tuple[OfferCard, ...]:
    """Return the cards of what a message offers, but for articles that have left the catalogue."""
    parties, shop = record.conversation.parties, context.shop
    writer = SpecialistId(message.author)
    party = parties.index(writer) + 1 if writer in parties else 0
    key = link_key(context.ring, record.conversation.id, party, OFFER)
    known = [(one, shop.products[one.sku]) for one in message.offers if one.sku in shop.products]
    return tuple(
        OfferCard(product.title, str(one.price or product.price or ""), offer_url(context.public_url, key, one.sku))
        for one, product in known
    )


def known_title(about: About, context: Context) -> str:
    """Return the product's name if it is in the catalogue: to the shopper's address goes nothing that a form made up."""
    product = context.shop.products.get(about.sku)
    return product.title if product else ""


def _product(about: About, reader: Reader) -> Iterable[Row]:
    named = ", ".join(one for one in (clean(about.title), clean(about.sku), str(about.price or "")) if one)
    if named or about.url:
        yield Row(reader.say("card.product"), plainly(named) or about.url, about.url)


def _html(message: Message, reader: Reader, context: Context) -> Markup | None:
    """Return the writer's own HTML, if it says just what `text` says and brings nothing along that is not for the reader.

    An address may be taken apart by tags, so it is looked for once more in what is shown.
    """
    if not message.html:
        return None
    safe = reader.mask(sanitise(_utf8(message.html)))
    shown = Markup(bare_text(safe)).unescape()  # noqa: S704 - to compare letters, never shown
    if reader.mask(shown) != shown or _letters(shown) != _letters(_safe(message.text, reader, context)):
        return None
    if leaks(safe.replace(reader.reply, ""), context.ring):
        return None
    return Markup(safe)  # noqa: S704 - sanitised above


def _safe(text: str, reader: Reader, context: Context) -> str:
    """Return somebody's words without the other side's addresses, and without any key of ours: the last door before the wire."""
    return reader.mask(blank(_utf8(text), context.ring)).strip("\n")


def _utf8(text: str) -> str:
    """Return `text` with a question mark for each half character that a broken mail has left in it."""
    return text.encode("utf-8", "replace").decode()


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _remark(message: Message, reader: Reader) -> str:
    """Return a remark in the reader's language, if it is one of ours, else as it stands."""
    key = f"remark.{message.remark}"
    if not message.remark or reader.to == SHOPPER:
        return ""
    return reader.say(key) if key in texts(reader.language) else clean(message.remark)


def _when(at: datetime, reader: Reader) -> str:
    return name_moment(at, reader.zone, reader.language)
