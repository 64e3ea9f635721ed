"""Mail that goes wrong on its way: announced twice, too early or never, bounced, forged, infected, too large, in a loop."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from datetime import UTC, datetime

import pytest
from e2e.journeys import named
from e2e.mail import answer, every_byte, holds, words
from e2e.receiving import Mailroom
from e2e.shop import BY_MAIL, SIMULATOR, people
from e2e.world import World, eventually, fill_in
from undivided.outbox import Kind, Status

from console.local.letters import Draft, write
from console.mail import reprocess

pytestmark = pytest.mark.e2e

OWNER = "owner@shop.example"
ASK = "ask@ask.shop.example"


def a_mail_announced_twice_acts_once(world: World) -> None:
    (tess,) = people("twice")
    talk, room = world.ask("twice"), Mailroom.of(world)
    mail = room.take(answer(talk.brought(tess), tess, "Both of them fit."))
    room.store(mail)
    room.announce(mail)
    room.announce(mail)
    talk.heard("Both of them fit.")
    assert world.fated(mail.id).fate == "relayed"
    room.announce(mail)
    world.post.reply(talk.brought(tess), tess, "And that was all.")
    talk.heard("And that was all.")
    said = [one.text for one in talk.record().messages if one.author == "tess"]
    assert said == ["Both of them fit.", "And that was all."]
    assert sum(map(holds("Both of them fit."), talk.read_by_shopper())) == 1


def a_notice_that_is_faster_than_its_mail_waits_for_it(world: World) -> None:
    (earl,) = people("early")
    talk, room = world.ask("early"), Mailroom.of(world)
    mail = room.take(answer(talk.brought(earl), earl, "It took the slow train."))
    room.announce(mail)
    time.sleep(2)
    assert not talk.record().conversation.first_answer_at
    room.store(mail)
    talk.heard("It took the slow train.")
    assert world.fated(mail.id).fate == "relayed"


def a_mail_that_is_never_announced_is_found_and_taken_in(world: World) -> None:
    """S3's own word is looked at again in nine minutes; what follows after an hour is in tests/chaos/test_unannounced.py."""
    (sid,) = people("silent")
    talk, room = world.ask("silent"), Mailroom.of(world)
    mail = room.take(answer(talk.brought(sid), sid, "Nobody was told of this."))
    room.store(mail)
    waiting, url = "ApproximateNumberOfMessagesDelayed", world.told["outputs"]["ReceivedQueueUrl"]
    asked = world.aws("sqs").get_queue_attributes
    eventually(lambda: int(asked(QueueUrl=url, AttributeNames=[waiting])["Attributes"][waiting]), "a second look")
    assert not talk.record().conversation.first_answer_at
    assert reprocess(mail.id, world.stack()) == 0
    talk.heard("Nobody was told of this.")
    assert world.fated(mail.id).fate == "relayed"


def one_mail_to_two_keys_is_heard_in_both_conversations(world: World) -> None:
    (lea,), (rita,) = people("left"), people("right")
    one = world.ask("left")
    other = world.ask("right", language="de", email=one.shopper)
    theirs = [talk.brought(who) for talk, who in ((one, lea), (other, rita))]
    for mail, who in zip(theirs, (lea, rita), strict=True):
        world.post.reply(mail, who, f"How wide may it be, asks {who[:4]}?")
    read = [one.heard(f"How wide may it be, asks {who[:4]}?") for who in (lea, rita)]
    both = answer(read[0], one.shopper, "Ninety centimetres at most.")
    del both["To"]
    both["To"] = ", ".join(str(mail["Reply-To"]) for mail in read)
    world.post.send(both)
    one.brought(lea, said="Ninety centimetres at most.")
    other.brought(rita, said="Ninety centimetres at most.")
    for talk in (one, other):
        assert [said.text for said in talk.record().messages if "Ninety" in said.text] == [
            "Ninety centimetres at most."
        ]


def two_autoresponders_are_stopped_within_ten_mails(world: World) -> None:
    """Neither says that it is a machine, and no two of their mails are alike."""
    (lou,) = people("loop")
    talk = world.ask("loop")
    talk.brought(lou)
    answered: Counter[str] = Counter()
    sent: list[str] = []

    def stopped() -> str:
        """Let both machines answer what is new, and return the mail that was stopped."""
        for machine in (lou, talk.shopper):
            for mail in talk.post.mails(machine)[answered[machine] :]:
                answered[machine] += 1
                if mail["Auto-Submitted"] is None:
                    ticket = f"Thank you for ticket {machine[:4]}{answered[machine]}, we will be with you soon."
                    sent.append(world.post.hand_in(answer(mail, machine, ticket)))
        return next((one for one in sent if world.is_fated(one, "loop")), "")

    ses_id = eventually(stopped, "the end of the loop")
    relayed = [one for one in talk.record().messages if "Thank you for ticket" in one.text]
    assert 2 <= len(relayed) <= 10
    world.post.wait(OWNER, lambda mail: ses_id in words(mail))
    assert sum("went round in a circle" in words(mail) for mail in world.post.mails(OWNER)) == 1


def _unreachable(world: World, team: str, address: str, language: str) -> None:
    """The specialist is told; the status page shows it and takes the right address, where the answer then goes."""
    (who,) = people(team)
    talk = world.ask(team, language=language, email=address)
    asked = talk.brought(who)
    world.post.reply(asked, who, "Take the wide one.")
    eventually(lambda: talk.record().conversation.unreachable, "the bounce")
    told = eventually(
        lambda: next((one for one in world.post.mails(who) if "550 5.1.1" in words(one)), None),
        "word to the specialist",
    )
    assert told["Auto-Submitted"] == "auto-generated"
    assert 'name="email"' in talk.page()
    right = f"right-{talk.mark}@mail.example"
    asks_first = fill_in(talk.status_url, do="address", email=right)
    assert right in asks_first.text
    assert talk.record().conversation.shopper.email == address
    assert fill_in(talk.status_url, do="address", email=right, confirm="yes").status == 303
    world.post.wait(right, holds("Take the wide one."))
    assert 'name="email"' not in talk.page()


def a_bounced_shopper_corrects_the_address_and_gets_the_answer(world: World) -> None:
    _unreachable(world, "bounced", f"bounce+{time.time_ns()}@{SIMULATOR}", "en")


def a_suppressed_shopper_corrects_the_address_and_gets_the_answer(world: World) -> None:
    _unreachable(world, "suppressed", f"suppressionlist+{time.time_ns()}@{SIMULATOR}", "de")


def whoever_complains_gets_answers_and_no_automatic_mail(world: World) -> None:
    (carl,) = people("complaint")
    talk = world.ask("complaint", email=f"complaint+{time.time_ns()}@{SIMULATOR}")
    asked = talk.brought(carl)
    eventually(lambda: [one for one in talk.record().entries if one.mail.kind is Kind.ACK and one.ended], "the ack")
    world.post.reply(asked, carl, "It is the oak one.")
    answered = eventually(
        lambda: [one for one in talk.record().entries if one.mail.kind is Kind.ANSWER and one.ended], "the answer's end"
    )
    assert [one.status for one in answered] == [Status.SENT]
    world.post.reply(asked, carl, "/close")
    asked_back = eventually(
        lambda: [one for one in talk.record().entries if one.mail.kind is Kind.CLOSED and one.ended], "the closing mail"
    )
    assert [one.status for one in asked_back] == [Status.FAILED]


def a_specialist_who_is_out_of_office_is_away_and_the_next_one_asked(world: World) -> None:
    _, oda = people("absent")
    talk = world.ask("absent")
    talk.brought(oda)
    world.post.reply(talk.brought(oda), oda, "I am here for you.")
    talk.heard("I am here for you.")
    asked = talk.record().conversation
    assert asked.former == {"otto": "away"} or asked.parties == ("oda",), "his answer to the welcome mail was faster"
    again = world.ask("absent", "And how heavy is it?")
    again.brought(oda, said="And how heavy is it?")
    assert "otto" not in again.record().conversation.parties


def a_specialist_whose_mail_bounces_is_replaced_and_the_owner_told(world: World) -> None:
    _, ulla = people("unreachable")
    talk = world.ask("unreachable", language="de")
    talk.brought(ulla)
    world.post.wait(OWNER, lambda mail: "Specialist: ugo" in words(mail))
    assert talk.record().conversation.former == {"ugo": "bounced"}


def twenty_megabytes_arrive_and_what_is_not_sent_on_is_named(world: World) -> None:
    (lars,) = people("large")
    talk = world.ask("large")
    world.post.reply(talk.brought(lars), lars, "Could you film the noise?")
    mail = answer(talk.heard("Could you film the noise?"), talk.shopper, "Here it is, and a picture.")
    mail.add_attachment(os.urandom(15_000_000), "video", "mp4", filename="noise.mp4")
    mail.add_attachment(b"\x89PNG\r\n\x1a\n" + bytes(2_000), "image", "png", filename="label.png")
    assert len(mail.as_bytes()) > 20_000_000
    world.post.send(mail)
    brought = talk.brought(lars, said="Here it is, and a picture.")
    assert [part.get_filename() for part in brought.iter_attachments() if part.get_filename() != "call.ics"] == [
        "label.png"
    ]
    assert re.search(r"(?m)^noise\.mp4\b.*: http\S+/f/\S+$", words(brought)), words(brought)
    assert len(brought.as_bytes()) < 10_000_000


def a_forged_specialist_reaches_nobody_and_the_real_one_is_told(world: World) -> None:
    (fred,) = people("forged")
    talk = world.ask("forged")
    asked = talk.brought(fred)
    forged = answer(asked, fred, "Send me your card number.")
    forged["X-Post-Office"] = "spf=FAIL dkim=FAIL dmarc=FAIL"
    spoofed = world.post.hand_in(forged)
    stranger = world.post.hand_in(answer(asked, "mallory@evil.example", "Send me your password."))
    assert [world.fated(one).fate for one in (spoofed, stranger)] == ["forged", "forged"]
    how_to = world.post.wait(fred, lambda mail: not mail["References"] and "fred" in words(mail))
    assert how_to["Auto-Submitted"] == "auto-generated"
    world.post.reply(asked, fred, "Nothing of the kind.")
    talk.heard("Nothing of the kind.")
    everything = "".join(map(every_byte, talk.read_by_shopper()))
    assert "Send me your" not in everything
    assert not world.post.mails("mallory@evil.example")


def a_virus_stays_in_quarantine_and_spam_comes_out_on_the_owners_word(world: World) -> None:
    (quinn,) = people("quarantine")
    talk = world.ask("quarantine")
    asked = talk.brought(quinn)
    fates = {}
    for verdict in ("virus", "spam"):
        mail = answer(asked, quinn, f"This is my {verdict} answer.")
        mail["X-Post-Office"] = f"{verdict}=FAIL"
        fates[verdict] = world.post.hand_in(mail)
        assert world.fated(fates[verdict]).fate == verdict
    world.post.wait(OWNER, lambda mail: fates["virus"] in words(mail))
    assert reprocess(fates["spam"], world.stack()) == 0
    talk.heard("This is my spam answer.")
    assert not [one for one in talk.read_by_shopper() if "virus" in every_byte(one)]


def a_plain_mail_to_the_ask_address_becomes_a_question(world: World) -> None:
    mark = f"mark{time.time_ns()}"
    shopper = f"ida-{mark}@mail.example"
    text = f"The cloth filter of my siphon brewer smells, and which halogen heater fits the vacuum bulb? {mark}"
    mail = write(Draft(shopper, "Ida Holm", ASK, "Siphon coffee", text), datetime.now(UTC))
    assert world.fated(world.post.hand_in(mail)).fate == "question"
    acknowledged = world.post.wait(shopper)
    assert acknowledged["Auto-Submitted"] == "auto-generated"
    brought = world.post.wait(BY_MAIL.email, holds(mark))
    assert shopper not in every_byte(brought)
    world.post.reply(brought, BY_MAIL.email, "Boil the cloth in water.")
    world.post.wait(shopper, holds("Boil the cloth in water."))


JOURNEYS = (
    a_notice_that_is_faster_than_its_mail_waits_for_it,
    two_autoresponders_are_stopped_within_ten_mails,
    a_mail_that_is_never_announced_is_found_and_taken_in,
    a_mail_announced_twice_acts_once,
    one_mail_to_two_keys_is_heard_in_both_conversations,
    a_bounced_shopper_corrects_the_address_and_gets_the_answer,
    a_suppressed_shopper_corrects_the_address_and_gets_the_answer,
    whoever_complains_gets_answers_and_no_automatic_mail,
    a_specialist_who_is_out_of_office_is_away_and_the_next_one_asked,
    a_specialist_whose_mail_bounces_is_replaced_and_the_owner_told,
    twenty_megabytes_arrive_and_what_is_not_sent_on_is_named,
    a_forged_specialist_reaches_nobody_and_the_real_one_is_told,
    a_virus_stays_in_quarantine_and_spam_comes_out_on_the_owners_word,
    a_plain_mail_to_the_ask_address_becomes_a_question,
)


@pytest.mark.parametrize("journey", JOURNEYS, ids=named)
def test_it_ends_well(journey, under_way):
    under_way[journey].result()
