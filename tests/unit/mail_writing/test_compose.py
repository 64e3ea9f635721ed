"""Every kind of mail in every language: on the wire, in its thread, and with nothing in it that is not for its reader."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from undivided.errors import Refused
from undivided.links import ACT_FOR, opened
from undivided.mail.compose import compose
from undivided.mail.keys import ACT, link_key, read_link_key, read_reply_address, reply_address
from undivided.mail.letter import HUMAN
from undivided.mail.ours import leaks
from undivided.mail.shown import ACTIONS
from undivided.message import File
from undivided.outbox import Kind, Mail
from undivided.pages.action import DONE_BY_LINK
from undivided.question import About, Shopper
from undivided.texts import FOLDER, LANGUAGES, texts
from undivided.values import OWNER, SHOPPER, Address, SpecialistId
from unit.mail_writing.letters import (
    ABOUT,
    ANNA,
    ANSWER,
    CONTEXT,
    CONVERSATION,
    FOLLOW_UP,
    ID,
    JANE,
    KEVIN,
    MAILS,
    MESSAGES,
    NOTE,
    QUESTION,
    RECORD,
    RING,
    VARIANTS,
    entry,
    in_language,
    written,
)
from unit.pages.shops import SHOP

GOLDEN = Path(__file__).parents[2] / "golden" / "sent"
UPDATE = "UPDATE_GOLDEN"
"""Set this variable to write the golden mails anew; then read the difference."""
LOUD = "XYZZYPLUGH"


def read(raw):
    return message_from_bytes(raw, policy=policy.default)


def plain(mail):
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def page(mail):
    return mail.get_body(("html",)).get_content().replace("\r\n", "\n")


def everything(raw):
    mail = read(raw)
    heads = "\n".join(f"{name}: {value}" for name, value in mail.items())
    return "\n".join([heads, plain(mail), page(mail), unescape(page(mail))])


def words_of(text):
    return re.findall(r"\w+", text.casefold())


def shown_words(html):
    body = html.partition("<body")[2].partition(">")[2]
    return words_of(unescape(re.sub(r"<[^>]*>", " ", body)))


@pytest.mark.parametrize("name", MAILS)
def test_golden(name):
    """The mail is written out as it was last read by a person; `UPDATE_GOLDEN=1` writes it anew."""
    raw = compose(*written(name), CONTEXT).raw
    golden = GOLDEN / f"{name}.eml"
    if os.environ.get(UPDATE):
        golden.write_bytes(raw)
    assert raw == golden.read_bytes()


def test_there_is_a_golden_mail_for_each_kind():
    assert set(MAILS) == {str(kind) for kind in Kind}
    assert {one.stem for one in GOLDEN.glob("*.eml")} == set(MAILS)


@pytest.mark.parametrize("name", [*MAILS, *VARIANTS])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_in_every_language(name, language):
    one, record, context = in_language(language, name)
    composed = compose(one, record, context)
    mail = read(composed.raw)
    assert composed.raw.isascii()
    assert b"\r\n" in composed.raw
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", composed.raw)
    assert max(map(len, composed.raw.split(b"\r\n"))) <= 998
    assert not any(part.defects for part in mail.walk())
    assert mail["Content-Language"] == language
    assert str(mail["Subject"]) == composed.subject
    assert mail["X-SES-MESSAGE-TAGS"] == f"undivided-entry={one.tag}"
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", one.tag)
    assert ("Auto-Submitted" in mail) == (one.mail.kind not in HUMAN)
    assert not set(re.findall(r"[{}]|\bNone\b", plain(mail)))


@pytest.mark.parametrize("name", [*MAILS, *VARIANTS])
def test_text_and_html_say_the_same(name):
    """Every word of the text is in the HTML, except rules, quote marks and what only the plain text must spell out."""
    mail = read(compose(*written(name), CONTEXT).raw)
    spelled = re.sub(r"https?://\S+", "", plain(mail))
    missing = set(words_of(spelled)) - set(shown_words(page(mail)))
    assert not missing


@pytest.mark.parametrize("name", [*MAILS, *VARIANTS])
def test_the_reader_answers_as_themselves_and_sees_no_key_of_another(name):
    one, record = written(name)
    composed = compose(one, record, CONTEXT)
    mail = read(composed.raw)
    assert mail["From"].addresses == mail["Reply-To"].addresses
    assert mail["From"].addresses[0].addr_spec == composed.envelope_from
    party = {SHOPPER: 0, JANE: 1, KEVIN: 2}.get(one.mail.to)
    named = read_reply_address(RING, composed.envelope_from)
    if record and party is not None:
        assert named == (ID, party)
    else:
        assert named is None
    keys = {found.purpose for found in leaks(everything(composed.raw), RING)}
    allowed = {SHOPPER: {"reply", "status", "satisfaction"}, OWNER: {"publish", "choice"}}
    assert keys <= allowed.get(one.mail.to, {"reply", "act"})
    for found in re.findall(r"/act/([a-z2-7]{31})", everything(composed.raw)):
        assert read_link_key(RING, found, ACT) == named
    for found in re.findall(r"r-[a-z2-7]{31}", everything(composed.raw)):
        assert read_reply_address(RING, f"{found}@x.example") == named


@pytest.mark.parametrize("name", [*MAILS, *VARIANTS])
def test_neither_side_sees_an_address_of_the_other(name):
    one, record = written(name)
    words = (
        f"Write to kevin@shop.example, KEV@home.example, jane%40shop.example or {ANNA.email}, or press@shop.example."
    )
    if record:
        record = replace(
            record, messages=tuple(replace(said, text=f"{said.text}\n{words}") for said in record.messages)
        )
    mail = everything(compose(one, record, CONTEXT).raw).casefold()
    mail = (
        mail.replace(f"to: kevin müller <{'kevin@shop.example'}>", "")
        .replace("to: kevin@shop.example", "")
        .replace(f"<{ANNA.email}>", "")
        .replace(f"to: {ANNA.email}", "")
    )
    if one.mail.to == SHOPPER:
        assert not {
            address
            for address in ("kevin@shop.example", "kev@home.example", "jane@shop.example", "jane%40")
            if address in mail
        }
    elif one.mail.to == KEVIN:
        assert ANNA.email not in mail
    if one.mail.kind in HUMAN:
        assert "press@shop.example" in mail


def test_an_owner_may_unmask():
    said = replace(MESSAGES[3], text="I am anna@mail.example")
    record = replace(RECORD, messages=(said,))
    one = entry(Mail(KEVIN, Kind.FOLLOW_UP, upto=5, data={"since": "0"}))
    assert "anna@mail.example" not in plain(read(compose(one, record, CONTEXT).raw))
    assert "anna@mail.example" in plain(
        read(compose(one, record, replace(CONTEXT, shop=replace(SHOP, unmask=True))).raw)
    )


@pytest.mark.parametrize("name", [name for name, mail in {**MAILS, **VARIANTS}.items() if mail.to == SHOPPER])
def test_a_note_is_in_no_mail_to_the_shopper(name):
    one, record = written(name)
    assert NOTE not in everything(compose(one, record, CONTEXT).raw)


def test_what_was_taken_back_is_for_its_writer_alone():
    record = replace(RECORD, conversation=replace(CONVERSATION, taken_back=(4,)))
    assert "42.5" not in everything(compose(entry(Mail(JANE, Kind.FOLLOW_UP, upto=5)), record, CONTEXT).raw)
    assert "42.5" in everything(compose(entry(MAILS["follow_up"]), record, CONTEXT).raw)
    later = replace(RECORD.messages[2], number=8, text="Now this.")
    for conversation in (record.conversation, replace(CONVERSATION, held=4)):
        one = entry(Mail(SHOPPER, Kind.ANSWER, message=8))
        assert "42.5" not in everything(
            compose(one, replace(RECORD, conversation=conversation, messages=(*MESSAGES, later)), CONTEXT).raw
        )


def test_a_consulted_colleague_reads_what_is_asked_and_writes_to_the_asker():
    mail = read(compose(*written("consult"), CONTEXT).raw)
    assert plain(mail).startswith("Kevin asks for your advice about the question of Anna.\n\nIs the blue one coming")
    assert "as a note. Anna does not see them." in plain(mail)
    assert QUESTION.splitlines()[0] in plain(mail)
    assert "mailto:" not in page(mail)


def test_a_note_as_the_message_itself_is_not_relayed():
    one = entry(Mail(SHOPPER, Kind.ANSWER, message=3), 3)
    mail = everything(compose(one, RECORD, CONTEXT).raw)
    assert NOTE not in mail


AUTOMATIC = [
    name for name, mail in {**MAILS, **VARIANTS}.items() if mail.to == SHOPPER and mail.kind is not Kind.ANSWER
]


@pytest.mark.parametrize("name", AUTOMATIC)
def test_automatic_mail_to_a_shopper_repeats_nothing_of_the_form(name):
    """Or anybody could send anything to anybody, with our signature under it."""
    one, record = written(name)
    assert record
    shopper = Shopper(f"{LOUD} name", ANNA.email, "en", phone=LOUD)
    about = About(sku=LOUD, title=LOUD, category=LOUD, brand=LOUD, url=f"https://{LOUD}.example")
    said = tuple(replace(message, text=LOUD) if message.author == SHOPPER else message for message in record.messages)
    loud = replace(record, conversation=replace(record.conversation, shopper=shopper, about=about), messages=said)
    assert LOUD not in everything(compose(one, loud, CONTEXT).raw)


hostile = st.text(
    st.sampled_from(list("ab <>@\"\\,;:=?\r\n\t\0\u2028\u202eé漢\ud83d\ude00._-[]{}%&'"))
    | st.characters(blacklist_categories=("Cs",)),
    max_size=80,
)


@settings(max_examples=60)
@given(hostile, hostile, hostile)
def test_names_titles_and_words_cannot_add_a_header_or_leave_their_place(name, title, words):
    shopper = Shopper(f"{name}\r\nBcc: victim@else.example", ANNA.email, "en")
    about = About(title=f"{title}\r\n\r\n<script>alert(1)</script>", url='https://x.example/"><script>')
    said = replace(MESSAGES[3], text=f"{words}\r\n.\r\n</blockquote><script>alert(1)</script>")
    record = replace(
        RECORD, conversation=replace(CONVERSATION, shopper=shopper, about=about), messages=(*MESSAGES[:3], said)
    )
    for mail in (MAILS["follow_up"], MAILS["answer"], MAILS["ack"]):
        raw = compose(entry(mail), record, CONTEXT).raw
        parsed = read(raw)
        assert raw.isascii()
        assert parsed["Bcc"] is None
        assert len(parsed["From"].addresses) == len(parsed["To"].addresses) == 1
        assert len(set(parsed.keys())) == len(parsed.keys())
        assert "<script" not in page(parsed).casefold()
        assert not any(part.defects for part in parsed.walk())


def test_one_conversation_is_one_thread_for_each_reader():
    for to in (SHOPPER, KEVIN):
        mails = [
            read(compose(*written(name), CONTEXT).raw)
            for name, mail in MAILS.items()
            if mail.to == to and mail.kind is not Kind.WELCOME
        ]
        subjects = {str(mail["Subject"]).removeprefix("Re: ") for mail in mails}
        assert len(subjects) == 1
        assert f"[{ID}]" in subjects.pop()
        assert len({str(mail["References"]).split()[0] for mail in mails}) == 1
    shopper, kevin = (
        read(compose(*written(name), CONTEXT).raw)["References"].split()[0] for name in ("ack", "question")
    )
    assert shopper != kevin


def test_references_name_the_party_s_own_mails_and_ours_to_them_alone():
    queued = read(compose(*written("queued"), CONTEXT).raw)
    assert queued["References"].split() == [
        f"<c.{ID}.0@ask.shop.example>", "<0100018f-ack@email.amazonses.com>", "<0100018f-answer@email.amazonses.com>", "<anna-1@mail.example>",
    ]  # fmt: skip
    assert queued["In-Reply-To"] == "<anna-1@mail.example>"
    elsewhere = read(compose(*written("queued"), replace(CONTEXT, region="eu-central-1")).raw)
    assert "<0100018f-ack@eu-central-1.amazonses.com>" in elsewhere["References"]
    follow_up = read(compose(*written("follow_up"), CONTEXT).raw)
    assert follow_up["References"].split() == [
        f"<c.{ID}.2@ask.shop.example>",
        "<0100018f-kevin@email.amazonses.com>",
        "<kevin-1@shop.example>",
    ]
    assert "Re:" not in str(read(compose(*written("ack"), CONTEXT).raw)["Subject"])


def test_an_answer_replies_to_the_words_that_it_answers():
    said = (MESSAGES[0], replace(MESSAGES[0], number=2, message_id="<anna-0@mail.example>"), MESSAGES[2], MESSAGES[3])
    mail = read(compose(written("answer")[0], replace(RECORD, messages=said), CONTEXT).raw)
    assert mail["In-Reply-To"] == "<anna-0@mail.example>"


def test_a_very_long_thread_keeps_its_headers_short():
    said = tuple(
        replace(MESSAGES[3], number=number, message_id=f"<{'x' * 200}{number}@mail.example>")
        for number in range(1, 200)
    )
    mail = read(compose(entry(MAILS["queued"], 300), replace(RECORD, messages=said), CONTEXT).raw)
    assert len(mail["References"].split()) == 21
    assert mail["References"].split()[0] == f"<c.{ID}.0@ask.shop.example>"


def test_the_specialist_reads_the_shoppers_words_first():
    text = plain(read(compose(*written("question"), CONTEXT).raw))
    assert text.startswith(QUESTION)
    assert text.index("Trail Runner 3, TR-300, 129.90 EUR") > len(QUESTION)
    for part in (
        "zuständig für genau diesen Artikel; Kenntnis von „shoes“",
        "sonst wäre die Wahl auf Jane gefallen",
        "heute Nachmittag vor 13:30 Uhr",
        "/weitergeben",
        "https://shop.example/p/trail-runner-3",
    ):
        assert part in text


def test_all_words_since_the_last_answer_come_with_who_and_when():
    one = entry(Mail(KEVIN, Kind.FOLLOW_UP, upto=5, data={"since": "0"}))
    text = plain(read(compose(one, RECORD, CONTEXT).raw))
    assert text.index(QUESTION) < text.index(FOLLOW_UP)
    assert text.count("Anna schrieb") == 2


def test_the_shopper_reads_nothing_but_the_persons_words_above_the_history():
    mail = read(compose(*written("answer"), CONTEXT).raw)
    assert plain(mail).startswith(ANSWER)
    assert str(mail["From"].addresses[0].display_name) == "Kevin at Bergfreund"
    assert f"> {QUESTION.splitlines()[0]}" in plain(mail)
    unsigned = replace(RECORD, messages=(MESSAGES[0], replace(MESSAGES[2], text="Take 42.5.")))
    assert plain(read(compose(written("answer")[0], unsigned, CONTEXT).raw)).startswith(
        "Take 42.5.\n\nKevin, Bergfreund\n"
    )


@pytest.mark.parametrize("name", ["question", "follow_up", "reminder"])
def test_actions_are_mails_ready_to_be_sent_and_links_that_ask(name):
    entry, record = written(name)
    mail = read(compose(entry, record, CONTEXT).raw)
    links = [unescape(one) for one in re.findall(r'href="(mailto:[^"]*)"', page(mail))]
    assert len(links) == len(ACTIONS)
    assert all(one.startswith("mailto:r-") and "&body=%2F" in one for one in links)
    found = {}
    for said in (plain(mail), unescape(page(mail))):
        found = {do: (key, s) for key, do, s in re.findall(r"/act/([a-z2-7]{31})\?do=(\w+)&s=([\w.]+)", said)}
        assert tuple(found) == DONE_BY_LINK
    for key, sealed in found.values():
        assert read_link_key(RING, key, ACT) == (ID, 2)
        assert opened(RING, key, sealed) == (f"{entry.number}.{entry.index}", CONTEXT.now + ACT_FOR)


def test_a_persons_html_goes_along_if_it_says_the_same():
    said = replace(
        MESSAGES[2],
        html='<div onclick="x()">Hi <b>Anna</b>,<br>they run half a size small: take 42.5. For broad feet they are fine.<br>Kevin<img src="https://t.example/p.gif"></div>',
    )
    mail = page(read(compose(written("answer")[0], replace(RECORD, messages=(MESSAGES[0], said)), CONTEXT).raw))
    assert "<b>Anna</b>" in mail
    assert "onclick" not in mail
    assert "t.example" not in mail


def test_html_that_says_more_than_the_cut_text_does_not_go_along():
    """What was cut from the text (a command, a quote with keys) may still stand in the HTML."""
    said = replace(MESSAGES[2], html=f"<p>/note secret</p><p>{ANSWER}</p>")
    mail = page(read(compose(written("answer")[0], replace(RECORD, messages=(MESSAGES[0], said)), CONTEXT).raw))
    assert "secret" not in mail
    assert "take 42.5" in mail


def files(*several):
    return replace(RECORD, messages=(MESSAGES[0], replace(MESSAGES[2], raw="raw/1", files=tuple(several))))


def test_files_go_along_whole():
    record = files(File("größe.pdf", "application/pdf", 100, 2), File("a\r\nb.txt", "text/plain", 5, 3))
    attached = list(read(compose(written("answer")[0], record, CONTEXT).raw).iter_attachments())
    assert [(one.get_filename(), one.get_payload(decode=True)) for one in attached] == [
        ("größe.pdf", b"raw/1:2"),
        ("a b.txt", b"raw/1:3"),
    ]


def test_pictures_that_the_html_shows_stay_inside_of_it():
    html = f"<p>{ANSWER.replace(chr(10), '<br>')}<img src='cid:pic1'></p>"
    record = files(File("shoe.png", "image/png", 10, 2, "pic1"), File("other.png", "image/png", 10, 3, "pic2"))
    record = replace(record, messages=(record.messages[0], replace(record.messages[1], html=html)))
    mail = read(compose(written("answer")[0], record, CONTEXT).raw)
    assert [one.get_filename() for one in mail.iter_attachments()] == ["other.png"]
    related = next(part for part in mail.walk() if part.get_content_type() == "multipart/related")
    assert [part["Content-ID"] for part in related.iter_parts()] == [None, "<pic1>"]
    assert 'src="cid:pic1"' in page(mail)


@pytest.mark.parametrize("name", ["a.exe", "a.pdf.EXE", "x.js", "a.exe. ", "a.docm", "invoice.exe.txt", "a.html"])
def test_files_that_run_are_held_back_and_told_of(name):
    mail = read(compose(written("answer")[0], files(File(name, "application/octet-stream", 5, 2)), CONTEXT).raw)
    assert not list(mail.iter_attachments())
    assert "Held back" in plain(mail)
    assert name.strip() in unescape(page(mail))


def test_more_than_six_megabytes_are_named_and_not_sent():
    record = files(
        File("a.mov", "video/mp4", 5 * 2**20, 2),
        File("b.mov", "video/mp4", 2 * 2**20, 3),
        File("c.txt", "text/plain", 10, 4),
    )
    mail = read(compose(written("answer")[0], record, CONTEXT).raw)
    assert [one.get_filename() for one in mail.iter_attachments()] == ["a.mov", "c.txt"]
    assert "b.mov (2.0 MB)" in plain(mail)


def test_who_left_the_roster_gets_no_mail():
    with pytest.raises(Refused, match="roster"):
        compose(entry(Mail("gone", Kind.QUESTION)), RECORD, CONTEXT)
    with pytest.raises(Refused, match="conversation"):
        compose(entry(MAILS["ack"]), None, CONTEXT)


def test_times_name_the_zone_when_the_shoppers_is_not_known():
    conversation = replace(CONVERSATION, shopper=replace(ANNA, zone=""))
    text = plain(read(compose(entry(MAILS["revised"]), replace(RECORD, conversation=conversation), CONTEXT).raw))
    assert "(Europe/Berlin)" in text
    assert "Europe" not in plain(read(compose(entry(MAILS["revised"]), RECORD, CONTEXT).raw))


def test_a_name_that_is_an_address_does_not_become_one():
    conversation = replace(CONVERSATION, shopper=replace(ANNA, name="boss@bank.example"))
    mail = read(compose(entry(MAILS["follow_up"]), replace(RECORD, conversation=conversation), CONTEXT).raw)
    assert "bank.example" not in everything(
        compose(entry(MAILS["follow_up"]), replace(RECORD, conversation=conversation), CONTEXT).raw
    )
    assert mail["From"].addresses[0].display_name.startswith("boss ")


def test_a_refused_mail_comes_back_with_its_words_ready_to_send():
    mail = read(compose(*written("refused"), CONTEXT).raw)
    assert "/wonn 49,90 €\n\nGreat choice!" in plain(mail)
    assert "%2Fwonn%2049%2C90%20%E2%82%AC%0A%0AGreat%20choice%21" in page(mail)
    long = replace(written("refused")[0], mail=Mail(KEVIN, Kind.REFUSED, data={"errors": "x", "text": "word " * 2000}))
    assert "mailto:" not in page(read(compose(long, RECORD, CONTEXT).raw))


@pytest.mark.parametrize("name", ["answer", "follow_up", "refused", "unreachable"])
def test_half_a_character_of_a_broken_mail_does_not_stop_us(name):
    one, record = written(name)
    half = "half \ud83d of it"
    mail = replace(one.mail, data={**one.mail.data, "text": half, "diagnostic": half})
    said = tuple(replace(message, text=half, html=f"<p>{half}</p>") for message in record.messages)
    shopper = replace(ANNA, name="An\udcfcna")
    broken = replace(
        record,
        messages=said,
        conversation=replace(record.conversation, shopper=shopper, about=replace(ABOUT, title=half)),
    )
    assert "of it" in everything(compose(replace(one, mail=mail), broken, CONTEXT).raw)


def test_an_unexpected_address_is_remarked_to_the_specialist():
    record = replace(RECORD, messages=(*MESSAGES[:3], replace(MESSAGES[3], remark="other_address")))
    assert "anderen Adresse" in plain(read(compose(entry(MAILS["follow_up"]), record, CONTEXT).raw))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_places(language):
    places = {key: set(re.findall(r"{(\w+)}", text)) for key, text in texts(language).items()}
    assert places == {key: set(re.findall(r"{(\w+)}", text)) for key, text in texts("en").items()}
    assert all(text.strip() for text in texts(language).values())
    assert {one.stem for one in FOLDER.glob("*.json")} == set(LANGUAGES)


GROUPS = (
    "act",
    "blanked",
    "publish",
    "how_to",
    "page",
    "status",
    "command",
    "form.error",
    "subject",
    "owner",
    "owner.label",
    "handed_over",
    "action",
    "help",
    "remark",
    "survey",
    "why",
    "choice",
)
"""Keys that are put together: `f"{group}.{name}"`."""


def test_texts_are_translated_and_none_is_left_over():
    root = FOLDER.parents[1]
    sources = "\n".join(path.read_text("utf-8") for path in [*root.rglob("*.py"), *root.rglob("*.j2")])
    whole = set(re.findall(r"""["']([a-z_]+(?:\.[a-z_]+)*)["']""", sources))
    assert not [
        key for key in texts("en") if key not in whole and not key.startswith(tuple(f"{group}." for group in GROUPS))
    ]
    for language in LANGUAGES[1:]:
        same = [key for key in texts("en") if texts("en")[key] == texts(language)[key]]
        assert len(same) <= 8


def test_a_short_answer_makes_a_small_mail():
    assert len(compose(*written("answer"), CONTEXT).raw) < 6000


@pytest.mark.parametrize("to", [Address("owner@shop.example"), SpecialistId("jane")])
def test_people_who_are_no_party_write_to_the_desk(to):
    mail = Mail(
        "owner" if "@" in to else to,
        Kind.OWNER_NOTICE if "@" in to else Kind.LATE,
        data={"what": "fallback", "specialist": "kevin"},
    )
    record = replace(RECORD, conversation=replace(CONVERSATION, parties=(KEVIN,)))
    assert compose(entry(mail), record, CONTEXT).envelope_from == "desk@ask.shop.example"


def test_the_card_shows_the_phone_where_one_was_left():
    conversation = replace(CONVERSATION, shopper=replace(ANNA, phone="+43 1 234"), about=replace(ABOUT, url=""))
    assert "Telefon: +43 1 234" in plain(
        read(compose(entry(MAILS["follow_up"]), replace(RECORD, conversation=conversation), CONTEXT).raw)
    )


@pytest.mark.parametrize(
    "html",
    [
        "I am kevin@<b>shop</b>.example",
        "I am kevin<!-- x -->@shop.example",
        "I am kevin&#64;shop&period;example",
        "I am <a href='mailto:kevin%40shop.example'>kevin@shop.example</a>",
        "I am kev<wbr>in@shop.example",
    ],
)
def test_an_address_hidden_in_html_does_not_pass(html):
    said = replace(MESSAGES[2], text="I am kevin@shop.example", html=f"<p>{html}</p>")
    mail = page(read(compose(written("answer")[0], replace(RECORD, messages=(MESSAGES[0], said)), CONTEXT).raw))
    shown = unescape(re.sub(r"<[^>]*>", "", mail)).casefold()
    assert "kevin@shop.example" not in shown
    assert "%40shop.example" not in mail


@pytest.mark.parametrize("name", [name for name, mail in MAILS.items() if mail.kind not in (Kind.HOW_TO, Kind.WELCOME)])
def test_a_key_in_somebody_s_words_goes_no_further(name):
    """Even if nothing was cut on the way in: a quoted reply address is what lets one party speak as the other."""
    one, record = written(name)
    others = [reply_address(RING, ID, party, "ask.shop.example") for party in (0, 1, 2)] + [
        f"https://x.example/q/{link_key(RING, ID, 0, 'status')}"
    ]
    planted = tuple(
        replace(said, text=f"{said.text}\n{' '.join(others)}", html=f"<p>{said.text} {' '.join(others)}</p>")
        for said in record.messages
    )
    mail = compose(one, replace(record, messages=planted), CONTEXT)
    keys = {found.text for found in leaks(everything(mail.raw), RING)}
    assert {
        read_reply_address(RING, key) for key in re.findall(r"r-[a-z2-7]{31}@ask.shop.example", " ".join(keys))
    } <= {read_reply_address(RING, mail.envelope_from)}
    assert one.mail.to == SHOPPER or not [key for key in keys if "/q/" in key]


fragments = st.lists(
    st.sampled_from(
        [
            "<b>",
            "</b>",
            "<script>",
            "alert(1)",
            "</script>",
            "<img src=x onerror=y>",
            "<a href='javascript:z'>",
            "</a>",
            "</div></body>",
            "<style>*{display:none}</style>",
            "<p style='position:fixed'>",
            "hello ",
            "&lt;script&gt;",
            "<svg onload=q>",
            "<!--",
            "-->",
            "<iframe src='//x'>",
            "\0",
            "é",
        ]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=80)
@given(fragments)
def test_hostile_html_is_harmless_when_it_is_sent_on(html):
    text = unescape(re.sub(r"<[^>]*>", "", html))
    said = replace(MESSAGES[2], text=text, html=html)
    mail = page(read(compose(written("answer")[0], replace(RECORD, messages=(MESSAGES[0], said)), CONTEXT).raw))
    assert not re.search(
        r"<(script|iframe|svg|object|form|input)|<[^>]*\son\w+\s*=|<[^>]*javascript:|position:\s*fixed",
        mail,
        re.IGNORECASE,
    )
    assert mail.count("</body>") == 1
    assert mail.count("<style>") == 1


def test_every_notice_to_the_owner_has_words_in_every_language() -> None:
    """A code without words would be shown as it is."""
    product = FOLDER.parents[1]
    found = {what for file in product.rglob("*.py") for what in re.findall(r'tell_owner\(\s*"(\w+)"', file.read_text())}
    assert len(found) > 8
    for language in LANGUAGES:
        assert not {what for what in found if f"owner.{what}" not in texts(language)}
