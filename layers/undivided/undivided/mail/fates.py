"""The closed list of fates: what became of one received mail. Every mail ends in exactly one; there is no "dropped"."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Fate(StrEnum):
    """A fate and, in `meaning`, what it says in one line."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> Self:
        fate = str.__new__(cls, value)
        fate._value_ = value
        fate.meaning = meaning
        return fate

    RELAYED = "relayed", "The new words were sent on to the other party."
    HELD = "held", "The new words are kept for the hold-and-undo window, then relayed."
    NOTED = "noted", "Kept as a private note in the conversation; it can never reach the other side."
    COMMAND = "command", "It held commands only; they were done."
    REFUSED = "refused", "It came back to its sender with an explanation; nothing was relayed."
    QUESTION = "question", "Plain mail to the ask address: it became a new question."
    REOPENED = "reopened", "It opened an ended conversation again, and was relayed."
    LATE_NOTE = (
        "late_note",
        "A former specialist's mail after the successor had answered, or after /pass: kept as a note.",
    )
    DUPLICATE = "duplicate", "The same mail was here before; it acted once."
    AWAY = "away", "A specialist's absence notice: it marks them away, and what waits with them is handed over."
    AUTOMATIC = "automatic", "Written by a program: recorded, never acted on."
    RULE_FORWARD = (
        "rule_forward",
        "Marked automatic, but with a valid key and a person's words: it went to the fallback person.",
    )
    BOUNCE = "bounce", "A mail of ours will not arrive: the conversation was told."
    DELAYED = "delayed", "A mail of ours has not arrived yet; the other side is still trying."
    COMPLAINT = "complaint", "The address's owner called our mail spam: no more automatic mail goes there."
    BULK = "bulk", "A posting to a mailing list or a newsletter: recorded, never acted on."
    PROVEN = "proven", "A specialist's answer to no question: it proves that their mail reaches us and is believed."
    STRANGER = "stranger", "It names no conversation and was not sent to the ask address."
    NOT_A_PARTY = "not_a_party", "Its sender is no party of the conversation that it names."
    FORGED = "forged", "It claims a sender that its authentication does not bear out; nothing was done."
    EXPIRED_KEY = (
        "expired_key",
        "Its key belongs to a conversation whose retention is over, or was signed with a key no longer valid.",
    )
    ENDED = "ended", "Its conversation was erased or marked as spam; nothing can be added."
    SPAM = "spam", "Called spam by the receiving service: quarantined for the owner."
    VIRUS = "virus", "It carries a virus by the receiving service's word: quarantined, never opened."
    TOO_LARGE = "too_large", "Larger than can be sent on: its sender was told how to send it."
    UNPARSABLE = "unparsable", "Nothing in it could be read: kept whole, the owner was told."
    ENCRYPTED = "encrypted", "Only its addressee could read it: its sender was asked to write in the clear."
    LOOP = (
        "loop",
        "Our own mail coming round, or too much automatic mail from one address: stopped, the owner told once.",
    )
    EMPTY = "empty", "No words and no attachments: kept, nothing to send on."
