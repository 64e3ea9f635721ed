"""Whatever bytes arrive: no exception, no lost word, bounded time; and what a program quotes is found whatever was written."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
from email.message import EmailMessage
from encodings.aliases import aliases
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from undivided.mail import explain
from undivided.mail.charsets import decode
from undivided.mail.lines import from_text, unflowed
from undivided.mail.parse import attachment, read
from undivided.mail.quotes import split
from undivided.mail.sanitise import sanitise

CORPUS = sorted((Path(__file__).parents[1] / "golden" / "mail").glob("*.eml"))
BOUNDED = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
SEEDS = [path.read_bytes() for path in CORPUS[::7]]

INTRODUCTIONS = (
    "On Mon, Mar 2, 2026 at 9:41 AM Jo <jo@shop.example> wrote:",
    "Am 02.03.26 um 09:41 schrieb Jo:",
    "Le lun. 2 mars 2026 à 09:41, Jo <jo@shop.example> a\nécrit :",
    "El lun, 2 mar 2026 a las 9:41, Jo (<jo@shop.example>) escribió:",
    "пн, 2 мар. 2026 г. в 09:41, Jo <jo@shop.example>:",
    "2026年3月2日(月) 9:41 Jo <jo@shop.example>:",
    "Den mån 2 mars 2026 kl 09:41 skrev Jo <jo@shop.example>:",
    "pon., 2 mar 2026 o 09:41 Jo <jo@shop.example> napisał(a):",
    "Op ma 2 mrt 2026 om 09:41 schreef Jo <jo@shop.example>:",
)
BLOCKS = (
    "From: Jo <jo@shop.example>\nSent: Monday, March 2, 2026 9:41 AM\nTo: Anna\nSubject: Drill",
    "Von: Jo <jo@shop.example>\nGesendet: Montag, 2. März 2026 09:41\nAn: Anna\nBetreff: Bohrer",
    "De : Jo <jo@shop.example>\nEnvoyé : lundi 2 mars 2026 09:41\nÀ : Anna\nObjet : Perceuse",
    "-----Original Message-----\nFrom: Jo\nSent: Monday\nTo: Anna\nSubject: Drill",
)

word = st.text(alphabet=st.characters(whitelist_categories=("Ll", "Lu", "Lo")), min_size=1, max_size=9)
sentence = st.lists(word, min_size=1, max_size=9).map(lambda words: " ".join(words) + ".")
paragraphs = st.lists(st.lists(sentence, min_size=1, max_size=3).map("\n".join), min_size=1, max_size=4).map(
    "\n\n".join
)
body_lines = st.lists(
    st.one_of(
        sentence,
        st.sampled_from(
            [
                "",
                "-- ",
                "--",
                "> quoted",
                ">> twice",
                "_____",
                "-----Original Message-----",
                "From: a@b.example",
                "Subject: x",
                "On 2 Mar 2026 at 9:41, Jo wrote:",
                "Sent from my iPhone",
                "> On x wrote:",
                "&nbsp;",
            ]
        ),
        st.text(max_size=20),
    ),
    max_size=30,
)


@given(st.binary(max_size=3000))
@BOUNDED
def test_any_bytes_are_read(raw: bytes) -> None:
    found = explain(raw)
    assert found["fate"]
    assert json.dumps(found, ensure_ascii=False).encode()
    assert attachment(raw, 3) is not None


@given(
    st.sampled_from(sorted(set(aliases.values()))),
    st.binary(max_size=60) | st.sampled_from([b"+2AA-", b"\xed\xa0\x80"]),
)
@BOUNDED
def test_no_charset_leads_to_text_that_cannot_be_stored(charset: str, words: bytes) -> None:
    head = b"From: a@b.example\nSubject: =?%b?B?%b?=\nContent-Type: text/plain; charset=%b\n\n"
    name = charset.encode()
    assert json.dumps(explain(head % (name, base64.b64encode(words), name) + words), ensure_ascii=False).encode()


@given(st.sampled_from(SEEDS), st.data())
@BOUNDED
def test_damaged_mail_is_read(raw: bytes, data: st.DataObject) -> None:
    """Cut, doubled, shuffled and overwritten golden mails: what transports and attackers do."""
    for _ in range(data.draw(st.integers(1, 6))):
        at, to = sorted((data.draw(st.integers(0, len(raw))), data.draw(st.integers(0, len(raw)))))
        piece = data.draw(
            st.sampled_from(
                [
                    b"",
                    b"\0",
                    b"\r",
                    b"\xff\xfe",
                    b"--",
                    b"=?utf-8?B?",
                    b'"',
                    b"<",
                    raw[at:to],
                    b"Content-Type: multipart/mixed; boundary=x\n\n",
                ]
            )
        )
        raw = raw[:at] + piece + raw[data.draw(st.sampled_from([at, to])) :]
    mail = read(raw[:20_000])
    for one in mail.attachments:
        assert len(attachment(raw[:20_000], one.part)) == one.size
        assert "/" not in one.name
        assert "\\" not in one.name


@given(body_lines)
@BOUNDED
def test_no_line_is_lost(lines: list[str]) -> None:
    """Each line goes to exactly one of: kept, quoted, signature."""
    before = from_text("\n".join(lines).replace("\r", ""))
    parted = split(before, "Re: x")
    after = [*parted.kept, *parted.quoted, *parted.signature]
    numbers = {id(line) for line in after}
    assert len(numbers) == len(after)
    assert all(id(line) in numbers for line in before if not line.blank)


@given(body_lines)
@BOUNDED
def test_no_word_that_is_not_quoted_is_lost_without_a_reason(lines: list[str]) -> None:
    """Without introductions, header blocks, rules and signatures every unquoted line is in the reply."""
    plain = [
        line
        for line in lines
        if line and line[0].isalpha() and line.endswith(".") and ":" not in line and "iPhone" not in line
    ]
    text = "\n".join(line for one in plain for line in (one, "> quoted"))
    mail = read(f"Subject: Re: x\nContent-Type: text/plain; charset=utf-8\n\n{text}\n".encode("utf-8", "replace"))
    for line in plain:
        assert " ".join(line.split()) in " ".join(mail.reply_text.split())


@given(paragraphs, st.sampled_from(INTRODUCTIONS), paragraphs)
@BOUNDED
def test_words_above_an_introduced_quote_are_the_reply(new: str, introduction: str, old: str) -> None:
    quoted = "\n".join("> " + line for line in old.split("\n"))
    assert _reply(f"{new}\n\n{introduction}\n\n{quoted}\n") == _squeezed(new)


@given(paragraphs, st.sampled_from(BLOCKS), paragraphs)
@BOUNDED
def test_words_above_a_header_block_are_the_reply(new: str, block: str, old: str) -> None:
    assert _reply(f"{new}\n\n{block}\n\n{old}\n") == _squeezed(new)


@given(paragraphs, st.sampled_from(INTRODUCTIONS), paragraphs)
@BOUNDED
def test_words_below_a_quote_are_the_reply(new: str, introduction: str, old: str) -> None:
    quoted = "\n".join("> " + line for line in old.split("\n"))
    assert _reply(f"{introduction}\n{quoted}\n\n{new}\n") == _squeezed(new)


@given(paragraphs)
@BOUNDED
def test_a_mail_without_quotes_stays_whole(new: str) -> None:
    assert _reply(new) == _squeezed(new)


@given(paragraphs, paragraphs, st.sampled_from(["gmail_quote", "yahoo_quoted", "protonmail_quote"]))
@BOUNDED
def test_html_is_parted_by_structure(new: str, old: str, mark: str) -> None:
    old_html, new_html = ("".join(f"<div>{line}</div>" for line in text.split("\n") if line) for text in (old, new))
    quote = f'<blockquote class="{mark}">{old_html}</blockquote>'
    mail = read(
        f"Subject: Re: x\nContent-Type: text/html; charset=utf-8\n\n<html>{new_html}<br>{quote}</html>".encode(
            "utf-8", "replace"
        )
    )
    assert _squeezed(mail.reply_text) == _squeezed(new)


def _reply(body: str) -> str:
    raw = f"Subject: Re: x\nIn-Reply-To: <a@b>\nContent-Type: text/plain; charset=utf-8\n\n{body}"
    return _squeezed(read(raw.encode("utf-8", "replace")).reply_text)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


@given(
    st.text(max_size=400),
    st.sampled_from(["utf-8", "utf-16", "cp1252", "koi8-r", "gb18030", "shift_jis", "iso-2022-jp"]),
)
@BOUNDED
def test_what_a_charset_can_say_survives_its_right_label(text: str, charset: str) -> None:
    try:
        data = text.encode(charset)
    except UnicodeError:
        return
    if data.decode(charset) == text and "\x1b" not in text and not text.startswith("\ufeff"):
        read_back = decode(data, charset)
        assert read_back == text or _is_utf8(data)


def _is_utf8(data: bytes) -> bool:
    """Bytes that are valid UTF-8 too may be read as such: that is what mail with wrong labels needs."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@given(st.text(max_size=300))
@BOUNDED
def test_sanitised_html_is_harmless(text: str) -> None:
    hostile = f"<p onclick='x()'>{text}<script>alert(1)</script><img src=http://t.example/p.gif><img src=cid:a@b><form action=x><a href='javascript:x'>y</a>"
    clean = sanitise(hostile).lower()
    assert "<script" not in clean
    assert "onclick=" not in clean.replace(text.lower(), "")
    assert "t.example/p.gif" not in clean.replace(text.lower(), "")
    assert "<form" not in clean
    assert "javascript:" not in clean.replace(text.lower(), "")


@given(st.lists(st.text(alphabet="ab >-", max_size=12), max_size=12))
@BOUNDED
def test_unflowing_keeps_every_letter(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert [c for c in unflowed(text, delsp=False) if c in "ab"] == [c for c in text if c in "ab"]


@given(st.lists(st.tuples(word, st.binary(max_size=200)), max_size=5), paragraphs)
@BOUNDED
def test_what_the_standard_library_writes_is_read_back(files: list[tuple[str, bytes]], body: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Anna <anna@example.net>", "r-x@ask.example", "Größe, 6 mm"
    message.set_content(body)
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=f"{name}.bin")
    raw = bytes(message)
    mail = read(raw)
    assert (mail.sender, mail.subject) == ("anna@example.net", "Größe, 6 mm")
    assert _squeezed(mail.text) == _squeezed(body)
    assert [attachment(raw, one.part) for one in mail.attachments] == [data for _, data in files]


TEXT = b"From: a@b.example\nSubject: Re: x\nContent-Type: text/plain; charset=utf-8\n\n"
HTML = TEXT.replace(b"plain", b"html")
MEGABYTE = 1_000_000
HOSTILE = {
    "quote marks": TEXT + b">" * MEGABYTE,
    "introductions": TEXT + b"On 2026-01-01 10:00 x wrote:\n" * 33_000,
    "labels": TEXT + b"From: a@b.example\n" * 55_000,
    "colons": TEXT + b":\n" * 500_000,
    "dashes": TEXT + b"---- a ----\n" * 83_000,
    "at signs": TEXT + b"a@" * 500_000,
    "digits": TEXT + b"1:1." * 250_000,
    "armour": TEXT + b"-----BEGIN PGP SIGNED MESSAGE-----\n" * 28_000,
    "open lists": HTML + b"<ul><li>x" * 110_000,
    "open angles": HTML + b"<a b='" * 160_000,
    "comments": HTML + b"<!--" * 250_000,
    "words": TEXT + b"=?utf-8?q?a?= " * 70_000,
    "encoded subject": b"Subject: " + b"=?utf-8?q?a?= " * 70_000 + b"\n\nx",
    "addresses": b"To: " + b"<" * MEGABYTE + b"\n\nx",
    "parameters": b"Content-Type: text/plain" + b';a="' * 250_000 + b"\n\nx",
    "parts": b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\n" * 200_000,
    "nests": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(15_000)),
    "failures": b"From: MAILER-DAEMON@x.example\nSubject: failure notice\n\n"
    + b"<a@b.example>: 550 user unknown\n" * 31_000,
    "punycode": TEXT.replace(b"utf-8", b"punycode") + b"a-b" * 330_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_megabyte_takes_time_in_proportion(kind: str) -> None:
    """Quadratic reading of a megabyte takes minutes; ten times the time of the tenth part, with room for noise, does not."""
    raw = HOSTILE[kind]
    small, large = _seconds(raw[: len(raw) // 10]), _seconds(raw)
    assert large < max(30 * small, 5.0), f"{small:.2f} s for a tenth, {large:.2f} s for the whole"


def _seconds(raw: bytes) -> float:
    begin = time.process_time()
    explain(raw)
    return time.process_time() - begin


MEASURED = """
import base64, sys
from undivided.mail.parse import read
half = base64.encodebytes(bytes(range(256)) * 37_000)
line = b"A line of words that a person could have written, again and again.\\n"
kinds = {
    "attachments": b"".join(b"--b\\nContent-Type: image/jpeg; name=a.jpg\\nContent-Transfer-Encoding: base64\\n\\n" + half for _ in range(2)),
    "text": b"--b\\nContent-Type: text/plain\\n\\n" + line * 370_000,
    "html": b"--b\\nContent-Type: text/html\\n\\n" + b"<p>word <b>word</b></p>\\n" * 1_040_000,
}
raw = b"From: a@b.example\\nContent-Type: multipart/mixed; boundary=b\\n\\n" + kinds[sys.argv[1]] + b"--b--\\n"
mail = read(raw)
assert len(raw) > 24_000_000, len(raw)
print(next(int(one.split()[1]) // 1024 for one in open("/proc/self/status") if one.startswith("VmHWM")))
"""


@pytest.mark.parametrize("kind", ["attachments", "text", "html"])
def test_25_megabytes_fit_into_512(kind: str) -> None:
    """Peak memory of a fresh process, the mail itself included, in MiB; getrusage would count its parent's before the exec."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, kind], capture_output=True, text=True, check=True, timeout=200
    )
    assert int(done.stdout) < 400


CHEAP = "import sys; import undivided.mail, undivided.mail.parse; print(sorted({'nh3', 'email', 'boto3', 'html.parser'} & set(sys.modules)))"


def test_importing_the_reader_is_cheap() -> None:
    done = subprocess.run([sys.executable, "-c", CHEAP], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
