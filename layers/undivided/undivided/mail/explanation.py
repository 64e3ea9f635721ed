"""What one mail alone says, and why: no table, no configuration, nothing but its bytes."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from undivided.mail.fates import Fate
from undivided.mail.parse import MAX_RAW, Mail, read

Rule = tuple[str, Callable[[Mail, list[str]], bool], Fate]
RULES: tuple[Rule, ...] = (
    ("longer than the receiving service takes", lambda mail, _: mail.raw_size > MAX_RAW, Fate.TOO_LARGE),
    ("our own loop header, or too many hops", lambda mail, _: bool(mail.loop_marks), Fate.LOOP),
    ("a complaint report", lambda mail, _: bool(mail.complaint), Fate.COMPLAINT),
    (
        "a notice of permanent failure",
        lambda mail, _: mail.bounce is not None and (mail.bounce.permanent or not mail.bounce.recipients),
        Fate.BOUNCE,
    ),
    ("a notice of delay or temporary failure", lambda mail, _: mail.bounce is not None, Fate.DELAYED),
    ("an absence notice", lambda mail, _: mail.out_of_office, Fate.AWAY),
    ("list or bulk mail", lambda mail, _: _is_bulk(mail), Fate.BULK),
    ("automatic", lambda mail, _: bool(mail.automatic), Fate.AUTOMATIC),
    ("no header that could be read", lambda mail, _: "no header at all" in mail.faults, Fate.UNPARSABLE),
    (
        "encrypted",
        lambda mail, _: not mail.text.strip() and any(fault.startswith("encrypted") for fault in mail.faults),
        Fate.ENCRYPTED,
    ),
    ("no words and no attachments", lambda mail, _: not mail.text.strip() and not mail.attachments, Fate.EMPTY),
    ("a command at the top", lambda _, commands: bool(commands), Fate.COMMAND),
    ("words that answer a mail", lambda mail, _: _answers(mail), Fate.RELAYED),
    ("words that answer no mail", lambda _, __: True, Fate.QUESTION),
)
"""The order is the decision: the first rule that holds names the fate."""


def explain(raw: bytes) -> dict[str, Any]:
    """Return what `undivided mail explain` prints. `conversation` and `party` are None: only the table knows them."""
    mail = read(raw)
    commands = _commands(mail.reply_text)
    rule, fate = next((why, fate) for why, holds, fate in RULES if holds(mail, commands))
    return {
        "fate": fate.value,
        "rule": rule,
        "why": _why(mail),
        "reply_text": mail.reply_text,
        "text": mail.text,
        "subject": mail.subject,
        "sender": mail.sender,
        "recipients": list(mail.recipients),
        "is_auto": bool(mail.automatic),
        "automatic": mail.automatic,
        "out_of_office": mail.out_of_office,
        "away_until": mail.away_until.isoformat() if mail.away_until else None,
        "is_bounce": mail.bounce is not None,
        "bounced_recipients": [one.address for one in mail.bounce.recipients] if mail.bounce else [],
        "bounce_permanent": mail.bounce.permanent if mail.bounce else None,
        "complaint": mail.complaint,
        "attachments": [one.name for one in mail.attachments],
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "is_forward": mail.is_forward,
        "quoted": mail.quoted,
        "conversation": None,
        "party": None,
        "commands": commands,
        "faults": list(mail.faults),
    }


def _is_bulk(mail: Mail) -> bool:
    return mail.automatic.startswith("bulk") or (not mail.automatic and "list-id" in mail.headers)


def _answers(mail: Mail) -> bool:
    return bool(
        mail.in_reply_to
        or mail.references
        or mail.quoted
        or mail.subject.lower().startswith(("re:", "aw:", "sv:", "antw:", "回复"))
    )


def _why(mail: Mail) -> dict[str, str]:
    """Name the rule behind each finding."""
    return {
        "reply_text": mail.rule,
        "is_auto": mail.automatic or "no sign of a program",
        "is_bounce": mail.bounce.rule if mail.bounce else "no non-delivery notice",
    }


def _commands(reply_text: str) -> list[str]:
    """Return the names of the commands that the new words hold, as `undivided.mail.commands` reads them."""
    try:
        parse = importlib.import_module("undivided.mail.commands").parse
    except ModuleNotFoundError:
        return []
    return _names(parse(reply_text))


def _names(found: Any) -> list[str]:
    listed = getattr(found, "commands", found)
    if isinstance(listed, dict) or not hasattr(listed, "__iter__"):
        return []
    return [str(getattr(one, "name", one)) for one in listed]
