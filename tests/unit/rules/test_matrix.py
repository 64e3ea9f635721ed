"""Place of the reference x sender x verdicts x state of the conversation: every cell has its fate, and none relays on
the strength of a From header alone.

The tables name the fate of a mail by where its reference stands and by who speaks; the cells are their product.
"""

from __future__ import annotations

from itertools import product

import pytest
from undivided.mail.fates import Fate
from undivided.mail.trust import Verdict, Verdicts, authentic
from undivided.steps.receive import SPOKEN
from unit.rules.mailroom import (
    ANNA,
    CONVERSATION,
    FAIL,
    FORGOTTEN,
    IDA,
    KEY,
    OTHER,
    PASS,
    STATES,
    Sent,
    address,
    judged,
    runtime,
)

CODE = f"[{KEY}]"
PLACES: dict[str, dict[str, object]] = {
    "specialist's address": {"to": (address(1),)},
    "specialist's address in capitals": {"to": (address(1).upper(),)},
    "shopper's address": {"to": (address(0),)},
    "in_reply_to": {"headers": (("In-Reply-To", "<our-id@eu-central-1.amazonses.com>"),)},
    "references": {
        "headers": (("References", "<x@else.example> <our-id@eu-central-1.amazonses.com> <y@else.example>"),)
    },
    "own_id": {"headers": (("References", f"<c.{KEY}.1@ask.shop.example>"),)},
    "subject": {"subject": f"Re: saw {CODE}"},
    "body": {"text": f"It fits.\n\nOn Monday, somebody wrote:\n> about your question {CODE}\n"},
    "none": {},
    "foreign address": {"to": (address(1, OTHER),)},
    "wrong key": {"to": (address(1, ring=FORGOTTEN),)},
}
UNSIGNED = ("in_reply_to", "references", "own_id", "subject", "body")
SENDERS = {
    "specialist": "anna@people.example",
    "specialist's alias": "anna@home.example",
    "shopper": IDA,
    "colleague": "omar@people.example",
    "stranger": "who@else.example",
    "lookalike": "anna@people.example.evil.example",
}
GRAY = Verdicts()
VERDICTS = {
    "pass": (PASS, True),
    "fail": (FAIL, False),
    "gray, spf aligned": (Verdicts(spf=Verdict.PASS), True),
    "gray": (GRAY, False),
    "failed to look": (Verdicts(*[Verdict.PROCESSING_FAILED] * 3), False),
    "dkim of nobody": (Verdicts(dkim=Verdict.PASS), False),
}
"""SES's verdicts, and whether they prove the sender: the envelope sender is the From address, and nothing is signed."""

RELAYED, LATE, REOPENED = Fate.RELAYED, Fate.LATE_NOTE, Fate.REOPENED
SPEAKS: dict[str, dict[str, Fate]] = {
    "focus": {"anna": RELAYED, "shopper": RELAYED},
    "waiting": {"anna": RELAYED, "shopper": RELAYED},
    "passed": {"anna": LATE, "shopper": RELAYED},
    "with_shopper": {"anna": RELAYED, "shopper": RELAYED},
    "snoozed": {"anna": RELAYED, "shopper": RELAYED},
    "ended": {"anna": RELAYED, "shopper": REOPENED},
    "spam": {"anna": Fate.ENDED, "shopper": Fate.ENDED},
}
"""State -> who speaks -> fate, once it is known who speaks."""
CELLS = list(product(PLACES, SENDERS, VERDICTS, STATES))


def expected(place: str, sender: str, verdicts: str, state: str) -> Fate:  # noqa: PLR0911 - it reads like a table
    proven = VERDICTS[verdicts][1]
    anna = sender.startswith("specialist") and proven
    if place == "none":
        return Fate.STRANGER
    if place == "wrong key":
        return Fate.EXPIRED_KEY
    if place == "foreign address":
        return RELAYED if sender == "colleague" and proven else Fate.FORGED
    if state == "spam":
        return Fate.ENDED
    if place.startswith("specialist's address"):
        return SPEAKS[state]["anna"] if anna else Fate.FORGED
    if place == "shopper's address":
        return SPEAKS[state]["shopper"]
    if anna or (sender == "shopper" and proven):
        return SPEAKS[state]["anna" if anna else "shopper"]
    return Fate.NOT_A_PARTY


def mail(place: str, sender: str, verdicts: str) -> Sent:
    return Sent(sender=SENDERS[sender], verdicts=VERDICTS[verdicts][0], **PLACES[place])  # type: ignore[arg-type]


@pytest.mark.parametrize("place", PLACES)
def test_every_cell_has_its_fate(place: str) -> None:
    wrong = {}
    for _, sender, verdicts, state in (cell for cell in CELLS if cell[0] == place):
        fate = judged(mail(place, sender, verdicts), runtime(STATES[state]))[1]
        if fate is not expected(place, sender, verdicts, state):
            wrong[sender, verdicts, state] = (fate, expected(place, sender, verdicts, state))
    assert not wrong


def test_a_mail_moves_something_only_by_a_capability_or_a_proven_sender() -> None:
    """Closed doors: the same mail, with nothing but its From header, moves nothing."""
    moved = 0
    for place, sender, verdicts, state in CELLS:
        arrival, fate = judged(mail(place, sender, verdicts), runtime(STATES[state]))
        if fate not in SPOKEN:
            continue
        moved += 1
        if arrival.party == "shopper":
            assert arrival.key_party == "shopper" or arrival.trusted
        else:
            assert arrival.trusted
            assert arrival.sender_specialist == arrival.party
    assert moved > len(CELLS) / 10


def test_the_signed_address_wins_over_every_other_reference() -> None:
    both = Sent(to=(address(1),), headers=(("In-Reply-To", "<x@y>"),), subject=f"Re: [{OTHER}]")
    arrival, fate = judged(both, runtime(CONVERSATION))
    assert (fate, arrival.conversation and arrival.conversation.id, arrival.party) == (RELAYED, KEY, ANNA)


def test_a_reference_to_a_conversation_whose_retention_is_over() -> None:
    for place in PLACES:
        fate = judged(mail(place, "specialist", "pass"), runtime(None))[1]
        named = place in ("specialist's address", "specialist's address in capitals", "shopper's address", "wrong key")
        wanted = Fate.EXPIRED_KEY if named else Fate.STRANGER
        assert fate is (Fate.FORGED if place == "foreign address" else wanted), place


def test_the_results_that_a_mail_claims_for_itself_are_not_read() -> None:
    claimed = (("Authentication-Results", "mx.example; dmarc=pass; spf=pass; dkim=pass"), ("Received-SPF", "pass"))
    assert judged(Sent(to=(address(1),), headers=claimed, verdicts=FAIL), runtime(CONVERSATION))[1] is Fate.FORGED


@pytest.mark.parametrize("dmarc", Verdict)
@pytest.mark.parametrize("spf", Verdict)
@pytest.mark.parametrize("dkim", Verdict)
def test_every_cell_of_trust(dmarc: Verdict, spf: Verdict, dkim: Verdict) -> None:
    """The table of mail/trust.py, said once more: alignment is relaxed, and every signer must be aligned."""
    envelopes = {
        "a@shop.example": True,
        "a@mail.shop.example": True,
        "a@evil.example": False,
        "": False,
        "a@example": False,
    }
    signed = {("shop.example",): True, ("mx.shop.example",): True, ("shop.example", "evil.example"): False, (): False}
    for (envelope, by_spf), (names, by_dkim) in product(envelopes.items(), signed.items()):
        aligned = (spf is Verdict.PASS and by_spf) or (dkim is Verdict.PASS and by_dkim)
        said = authentic(Verdicts(spf=spf, dkim=dkim, dmarc=dmarc), "x@shop.example", envelope, names)
        wanted = aligned if dmarc not in (Verdict.PASS, Verdict.FAIL) else dmarc is Verdict.PASS
        assert said == wanted, (envelope, names)
        assert not authentic(Verdicts(spf=spf, dkim=dkim), "", envelope, names)
