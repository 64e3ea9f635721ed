"""One received mail on its way to its fate: what every act on it shares."""

from __future__ import annotations

from dataclasses import dataclass

from undivided.changes import Changes
from undivided.mail.arrival import Arrival
from undivided.record import MailRef, Received
from undivided.runtime import Runtime
from undivided.state import Conversation
from undivided.steps.look import pull_all


@dataclass(frozen=True, slots=True)
class Act:
    """One arrival with its fate, to be acted on and recorded in one transaction."""

    arrival: Arrival
    receipt: Received
    seen: str | None
    """Names the mail by its content, so that a second copy of it is known."""
    rt: Runtime
    beside: bool = False
    """The mail was signed for several conversations, and this is not the first: its fate is recorded there."""

    def commit(self, changes: Changes) -> Conversation:
        """Commit with the fate; then look at the lines that the changes concern."""
        conversation = changes.before or changes.after
        after = self.rt.conversations.commit(
            changes,
            self.rt.now(),
            seen=self.seen,
            received=None if self.beside else self.receipt,
            references=self._references(conversation),
        )
        pull_all((*(desk.specialist for desk in changes.desks), *(one.specialist for one in after.places)), self.rt)
        return after

    def settle(self, changes: Changes | None) -> None:
        """Commit what was decided; the fate alone where nothing was."""
        if changes:
            self.commit(changes)
        else:
            only_record(self)

    def _references(self, conversation: Conversation) -> tuple[MailRef, ...]:
        mail, party = self.arrival.mail, self.arrival.party
        if not mail.message_id or party is None:
            return ()
        return (MailRef(mail.message_id, conversation.id, party, message=conversation.number),)


def only_record(act: Act) -> None:
    """Record the fate of a mail that changes nothing else."""
    if act.beside:
        return
    act.rt.received.record(act.receipt)
