"""What the templates of a mail may use: the same for every kind, what shows of the conversation, and what one kind needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

from undivided.knowledge.publishing import DECIDED_WITHIN, Proposal
from undivided.links import ASK_PATH, CHOICE_FOR, choice_url, publish_url, satisfaction_url, status_url
from undivided.mail import shown
from undivided.mail.commandwords import NAMES
from undivided.mail.commandwords import shown as command_word
from undivided.mail.enclosures import Enclosures
from undivided.mail.letter import HUMAN, Letter
from undivided.mail.reader import MOST_COUNTED, Reader
from undivided.mail.wire import clean
from undivided.outbox import HOURLY, Kind
from undivided.promise.dates import echo
from undivided.record import Record
from undivided.state import Mark
from undivided.texts import texts
from undivided.values import OWNER, SHOPPER, ConversationId, moment

Values = dict[str, object]
HELPED = (
    "won",
    "lost",
    "close",
    "pass",
    "not_mine",
    "release",
    "ask",
    "note",
    "offer",
    "template",
    "call",
    "snooze",
    "undo",
    "publish",
    "away",
    "back",
)
"""Commands that the list in a mail explains: those that do something in this version."""
_LONGEST_LINK = 1500
"""Letters of a `mailto:` link that every program opens."""
_LONGEST_DIAGNOSTIC = 300


def values_of(letter: Letter) -> Values:
    """Return all values for the templates of this mail."""
    values = _of_any(letter)
    values["survey"] = _survey(letter)
    if letter.record:
        values |= _of_conversation(letter, letter.record)
    if special := _SPECIAL.get(letter.kind):
        values |= special(letter)
    return values


def _of_any(letter: Letter) -> Values:
    reader, context = letter.reader, letter.context
    return {
        "kind": str(letter.kind),
        "data": letter.data,
        "t": reader.say,
        "language": reader.language,
        "shop": context.shop.name,
        "promise": shown.promised(letter.data.get("promise_due", ""), reader, context),
        "files": Enclosures(),
        "words": (),
        "history": (),
        "understood": letter.data.get("understood", ""),
        "ask_url": f"{context.public_url.rstrip('/')}{ASK_PATH}",
        "pass_word": _word("pass", reader),
        "won_word": _word("won", reader),
        "commands": [(_word(one, reader), reader.say(f"help.{one}")) for one in HELPED],
    }


def _survey(letter: Letter) -> list[tuple[str, str]]:
    """Return label and link of each answer to the one question; nothing where it is not asked."""
    record, context = letter.record, letter.context
    if record is None or record.conversation.rated or not (letter.kind is Kind.CLOSED or letter.data.get("survey")):
        return []
    say, key = letter.reader.say, record.conversation.id
    return [(say(f"survey.{one}"), satisfaction_url(context.public_url, context.ring, key, one)) for one in Mark]


def _word(name: str, reader: Reader) -> str:
    return f"/{command_word(name, reader.language)}"


def _of_conversation(letter: Letter, record: Record) -> Values:
    """Return what the templates show of the conversation; for a shopper nothing that the form was filled in with."""
    reader, context, conversation = letter.reader, letter.context, record.conversation
    specialist = shown.author(conversation.specialist, record, context) if conversation.specialist else ""
    values: Values = {
        "code": conversation.id,
        "specialist": specialist,
        "product": shown.known_title(conversation.about, context),
        "call": shown.call_time(conversation.call_back, reader) if conversation.call_back else "",
        "words": [shown.words(one, record, reader, context) for one in letter.brought],
    }
    if letter.kind in HUMAN:
        before = shown.earlier(letter.entry, record, letter.brought)
        values["history"] = [shown.quoted(one, record, reader, context) for one in before]
    if reader.to == SHOPPER:
        return values | {"status_url": status_url(context.public_url, context.ring, conversation.id)}
    return values | {
        "shopper": shown.first_name(conversation.shopper.name),
        "card": shown.card(record, reader, context),
        "actions": shown.actions(letter.entry, record, reader, context, letter.subject),
    }


def _of_answer(letter: Letter) -> Values:
    """Sign with name and shop, unless the writer has signed already."""
    if not letter.brought or letter.record is None:
        return {"signature": "", "offers": ()}
    name = shown.author(letter.brought[0].author, letter.record, letter.context)
    last = letter.brought[0].text.strip().rpartition("\n")[2]
    signature = "" if name.casefold() in last.casefold() else f"{name}, {letter.context.shop.name}"
    return {"signature": signature, "offers": shown.offers(letter.brought[0], letter.record, letter.context)}


def _of_question(letter: Letter) -> Values:
    """Bring what was answered to similar questions; only whoever gets a question for the first time needs it."""
    found = letter.context.earlier(letter.record) if letter.record else ()
    return {"earlier": [shown.earlier_answer(one, letter.reader, letter.context) for one in found]}


def _of_proposal(letter: Letter) -> Values:
    """Show the owner what would be published, to the letter, what was taken out of it, and where to decide."""
    found, context, reader = Proposal.from_data(letter.data), letter.context, letter.reader
    product = context.shop.products.get(found.sku)
    key = letter.record.conversation.id if letter.record else letter.entry.conversation
    until = letter.entry.created_at + DECIDED_WITHIN
    link = publish_url(context.public_url, context.ring, key, letter.entry.mail.message, found.sku, until)
    counted = (one.split(" ") for one in found.blanked.split(", ") if one)
    return {
        "proposal": found,
        "product_named": product.title if product else found.sku,
        "blanked": ", ".join(f"{reader.say(f'blanked.{kind}')} ({times})" for kind, times in counted),
        "publish_url": f"{link}&do=publish",
        "decline_url": f"{link}&do=decline",
    }


def _of_refused(letter: Letter) -> Values:
    """Return the refused words, ready to be sent again by one click where they fit into a link."""
    words = letter.data.get("text", "").strip("\n")
    link = f"mailto:{letter.reader.reply}?subject={quote(letter.subject, safe='')}&body={quote(words, safe='', errors='replace')}"
    errors = [one for one in letter.data.get("errors", "").split("\n") if one.strip()]
    return {"errors": errors, "again": words, "mailto": link if len(link) <= _LONGEST_LINK else ""}


def _of_late(letter: Letter) -> Values:
    who = letter.data.get("specialist", "")
    return {"other": shown.author(who, letter.record, letter.context) if letter.record else who}


def _of_consult(letter: Letter) -> Values:
    record = letter.record
    asker = record.conversation.specialist if record else None
    return {"other": shown.author(asker, record, letter.context) if record and asker else letter.context.shop.name}


def _of_unreachable(letter: Letter) -> Values:
    said = clean(letter.data.get("diagnostic", ""))[:_LONGEST_DIAGNOSTIC]
    return {"diagnostic": letter.reader.mask(said).replace(letter.reader.reply, "…")}


def _of_understood(letter: Letter) -> Values:
    """Return the commands in the reader's own words, as they would write them, and the moment that was understood."""
    reader, what, until = letter.reader, letter.data.get("what", ""), letter.data.get("until", "")
    idle = _worded(letter.data.get("idle", ""), reader)
    done = "\n".join(one for one in what.split("\n") if one != "help")
    return {
        "help": "help" in what.split("\n"),
        "what": _worded(done, reader) + (f" ({echo(moment(until), reader.zone, reader.language)})" if until else ""),
        "idle": reader.say("command.idle", lines=idle) if idle else "",
    }


def _worded(what: str, reader: Reader) -> str:
    lines = [clean(line).partition(" ") for line in what.split("\n") if line.strip()]
    return ", ".join(f"{_word(name, reader) if name in NAMES else name} {rest}".strip() for name, _, rest in lines)


def _of_handed_over(letter: Letter) -> Values:
    return {"why": _known(letter.reader, "handed_over", letter.data.get("why", ""))}


def _of_notice(letter: Letter) -> Values:
    """Return what happened, and label and value of whatever else the owner is told."""
    say, data = letter.reader.say, letter.data
    details = [
        (say(f"owner.label.{one}"), clean(data[one])) for one in ("specialist", "mail", "detail") if data.get(one)
    ]
    if letter.record:
        details.append((say("owner.label.conversation"), letter.record.conversation.id))
    what = data.get("what", "")
    if what == "nobody_there":
        details.append((say("owner.label.waiting"), _waiting(letter)))
    return {
        "notice": _known(letter.reader, "owner", what),
        "hourly": say("owner.hourly") if what in HOURLY else "",
        "details": details,
        "choice_url": _choice_url(letter),
        "published": _published(letter),
    }


def _waiting(letter: Letter) -> str:
    found = letter.context.waiting(letter.context.shop.fallback)
    return str(found) if found <= MOST_COUNTED else f"> {MOST_COUNTED}"


def _published(letter: Letter) -> list[tuple[str, str]]:
    """Return product and link of each answer of an erased conversation that can be taken back."""
    context, key = letter.context, ConversationId(letter.data.get("conversation", ""))
    found = [one.partition(" ") for one in letter.data.get("answers", "").split("\n") if one]
    until = letter.entry.created_at + DECIDED_WITHIN
    return [
        (
            context.shop.products[sku].title if sku in context.shop.products else sku,
            publish_url(context.public_url, context.ring, key, int(number), sku, until) + "&do=take_back",
        )
        for number, _, sku in found
    ]


def _choice_url(letter: Letter) -> str:
    """Return the owner's link to who got the question; nobody else gets one."""
    context = letter.context
    if letter.record is None or letter.reader.to != OWNER:
        return ""
    return choice_url(context.public_url, context.ring, letter.record.conversation.id, context.now + CHOICE_FOR)


_SPECIAL: Mapping[Kind, Callable[[Letter], Values]] = {
    Kind.ANSWER: _of_answer,
    Kind.QUESTION: _of_question,
    Kind.PROPOSAL: _of_proposal,
    Kind.REFUSED: _of_refused,
    Kind.LATE: _of_late,
    Kind.CONSULT: _of_consult,
    Kind.UNREACHABLE: _of_unreachable,
    Kind.UNDERSTOOD: _of_understood,
    Kind.HANDED_OVER: _of_handed_over,
    Kind.OWNER_NOTICE: _of_notice,
}


def _known(reader: Reader, group: str, what: str) -> str:
    """Return our words for a code, else the code itself."""
    key = f"{group}.{what}"
    return reader.say(key) if key in texts(reader.language) else clean(what)
