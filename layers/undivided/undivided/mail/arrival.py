"""One received mail with all that the rules may look at. Rules read it; only the step acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from undivided.config import Shop
from undivided.mail.commands import Parsed
from undivided.mail.identify import Found
from undivided.mail.parse import Mail
from undivided.mail.trust import Verdicts
from undivided.record import Record
from undivided.state import Conversation
from undivided.values import SHOPPER, SpecialistId, same_address

ADDING = frozenset({"offer", "template", "call"})
"""Commands that put something into the answer."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What SES says of a received mail; `raw` is the key of the whole mail in the mail bucket."""

    ses_id: str
    raw: str
    recipients: tuple[str, ...]
    source: str
    """The envelope sender; empty for a bounce."""
    verdicts: Verdicts
    released: bool = False
    """The owner takes it through again: suspicions count no more, who speaks still does."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A received mail of which S3 says that it is stored, and since when."""

    ses_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail, who it is from, and the conversation it names."""

    notice: Notice
    mail: Mail
    shop: Shop
    trusted: bool
    """Its From address is proven (mail/trust.py)."""
    at: datetime
    """When it is dealt with."""
    found: Found | None = None
    conversation: Conversation | None = None
    parsed: Parsed | None = None
    """What a specialist's words say by the grammar of commands."""
    record: Record | None = None
    """The whole conversation, once the mail has come through the door."""
    words: str = ""
    """The new words without what we wrote; read behind the door."""

    @property
    def to_ask(self) -> bool:
        ask = self.shop.ask_address
        return ask is not None and any(same_address(one, ask) for one in self.notice.recipients)

    @property
    def only_commands(self) -> bool:
        """Say whether a specialist wrote nothing for anybody but us."""
        parsed = self.parsed
        if parsed is None or not parsed.commands or self.mail.attachments:
            return False
        return not parsed.text.strip() and not any(one.name in ADDING for one in parsed.commands)

    @property
    def key_party(self) -> str | None:
        """The party whose signed address was used; None without one."""
        if self.found is None or self.found.party is None or self.conversation is None:
            return None
        if self.found.party == 0:
            return SHOPPER
        parties = self.conversation.parties
        return parties[self.found.party - 1] if self.found.party <= len(parties) else None

    @property
    def sender_party(self) -> str | None:
        """The party that the From address belongs to: the shopper, or a specialist by any of their addresses."""
        if self.conversation and same_address(self.mail.sender, self.conversation.shopper.email):
            return SHOPPER
        return self.sender_specialist

    @property
    def sender_specialist(self) -> SpecialistId | None:
        for one in self.shop.specialists.values():
            if any(same_address(self.mail.sender, known) for known in one.addresses):
                return one.id
        return None

    @property
    def party(self) -> str | None:
        """Whose words these are: by the signed address, else by the sender."""
        return self.key_party or (self.sender_party if self.conversation else None)
