"""The commands' grammar: what is written is read, and no byte of a note or of a refused mail is left to be relayed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from undivided.mail.amounts import CODES, read_amount
from undivided.mail.commands import parse
from undivided.mail.commandwords import NAMES, WORDS, plain, vocabulary
from undivided.texts import LANGUAGES
from undivided.values import Money, Unusable

SPELLINGS = [(word, name) for name, by in WORDS.items() for words in by.values() for word in words.split()]
signs = st.sampled_from(["/", "#", "／"])
changes = st.sampled_from([str, str.upper, str.title, plain])
spellings = st.sampled_from(SPELLINGS)
prose = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="/／#＃\u2028\u2029\u0085"), max_size=60
)
paragraphs = st.lists(prose, max_size=5).map("\n".join)
anything = st.text(
    st.sampled_from(list("/#／ \n\t.:!-0195€$awnotelsvbc\u00a0\u200b")) | st.characters(blacklist_categories=("Cs",)),
    max_size=200,
)
lines_of_commands = st.tuples(signs, spellings, changes, prose).map(lambda one: f"{one[0]}{one[2](one[1][0])} {one[3]}")
mails = st.lists(lines_of_commands | prose | anything, max_size=7).map("\n".join)


@given(signs, spellings, changes, paragraphs)
def test_a_command_alone_is_read_and_the_words_stay_whole(sign, spelling, change, words):
    word, name = spelling
    argument = {"ask": "jane", "offer": "TR-300", "template": "sizes", "snooze": "monday"}.get(name, "")
    line = f"{sign}{change(word)} {argument}".strip()
    for mail in (f"{line}\n\n{words}", f"{words}\n\n{line}\n"):
        parsed = parse(mail)
        assert parsed.errors == ()
        assert [command.name for command in parsed.commands] == [name]
        assert parsed.commands[0].argument == argument
        kept = parsed.note_text if name == "note" else parsed.text
        assert kept.split() == words.split()


@given(mails)
def test_nothing_of_a_note_or_a_refused_mail_is_relayed(mail):
    parsed = parse(mail)
    if parsed.errors:
        assert (parsed.text, parsed.commands, parsed.note, parsed.note_text) == ("", (), False, "")
        assert all(error.strip() for error in parsed.errors)
    if any(command.name == "note" for command in parsed.commands):
        assert parsed.note
        assert parsed.text == ""


@given(mails)
def test_no_word_is_lost_and_none_is_made_up(mail):
    """Whatever is not refused comes out again, in order: as words, as a note, or as a command's line."""
    parsed = parse(mail)
    if not parsed.errors:
        relayed = parsed.text.splitlines()
        before = mail.splitlines()
        rest = iter(before)
        assert all(line in rest for line in relayed)
        lines = {command.line for command in parsed.commands}
        kept = f"{parsed.text}\n{parsed.note_text}"
        assert all(line.strip() in lines or line in kept for line in before)


@given(st.sampled_from([word for word, name in SPELLINGS if name == "note"]), signs, changes, paragraphs, paragraphs)
def test_a_note_is_never_relayed_wherever_it_stands(word, sign, change, before, after):
    for mail in (f"{before}\n{sign}{change(word)} secret\n{after}", f"{before}\n{sign}{change(word)}\nsecret\n{after}"):
        assert "secret" not in parse(mail).text
    assert "secret" not in parse(f"{before}\nand /{change(word)} secret\n{after}").text


@given(spellings, st.data())
def test_a_slip_of_one_letter_refuses_and_names_the_command(spelling, data):
    word = plain(spelling[0])
    place = data.draw(st.integers(0, len(word) - 1))
    slip = word[:place] + word[place] + word[place:]
    if len(word) > 3 and slip not in vocabulary(LANGUAGES):
        parsed = parse(f"/{slip} x\nsecret")
        assert parsed.text == ""
        meant = re.findall(r"/(\w+)", parsed.errors[0])[1:]
        assert spelling[1] in {vocabulary(LANGUAGES)[one] for one in meant}


@pytest.mark.parametrize(
    "text",
    [
        "/usr/bin/env",
        "#12345",
        "#thanks",
        "# heading",
        "https://shop.example/won",
        "1/2 of it",
        "//",
        "/",
        "/5 stars",
        "and/or",
        "see /won in the help",
    ],
)
def test_what_only_looks_like_a_command_is_relayed(text):
    assert parse(f"{text}\nmore").text == f"{text}\nmore"


@pytest.mark.parametrize(
    "pair",
    [
        "/won 5\n/lost",
        "/won\n/close",
        "/close\n/lost x",
        "/pass\n/won",
        "/pass\n/snooze monday",
        "/away\n/back",
        "/won 5\n/won 6",
        "/undo\n/close",
        "/ask jane\n/pass",
        "/undo\n/away",
        "/note x\n/ask jane",
        "/gewonnen 5\n\nwords\n\n/perdu",
    ],
)
def test_contradictions_refuse_the_mail(pair):
    parsed = parse(pair)
    assert len(parsed.errors) == 1
    assert parsed.text == ""


@pytest.mark.parametrize(
    "pair",
    [
        "/won 5\n/won 5",
        "/note x\n/help",
        "/pass\n/away",
        "/offer A-1\n/offer B-2",
        "/close\n/publish",
        "/note a\n/note b",
        "/won 5\n/note x",
        "/note x\n/away\n/snooze monday",
        "/undo\n/note x",
    ],
)
def test_what_goes_together_is_taken_together(pair):
    assert parse(pair).errors == ()


@pytest.mark.parametrize(
    "mail",
    [
        "/won49.90 EUR\nhi",
        "hi\n/won49",
        "/won=5",
        "/lost,too dear\nhi",
        "hi\n/wonn 5",
        "hi\n/note x\nbye",
        "/usr",
        "/won 5 EUR USD 7 %\n/xyz",
    ],
)
def test_mistakes_refuse_the_mail(mail):
    parsed = parse(mail)
    assert parsed.errors
    assert parsed.text == ""


def test_every_mistake_of_a_mail_is_told_in_the_writers_language():
    parsed = parse("/wonn 5\n/won abc\n/ask\nHallo", languages=("de", "en"))
    assert len(parsed.errors) == 3
    assert parsed.errors[0] == "/wonn ist kein Befehl. Meinten Sie /won?"
    assert len({parse("/won abc", languages=(one,)).errors for one in LANGUAGES}) == len(LANGUAGES)


def test_moments_are_read_by_whoever_knows_the_clock():
    monday = datetime(2026, 5, 4, 7, tzinfo=UTC)
    known = {"until monday": monday}
    assert parse("/away until monday", when=known.get).commands[0].until == monday
    assert parse("/away", when=known.get).commands[0].until is None
    assert "until mondy" in parse("/away until mondy", when=known.get).errors[0]
    assert parse("/snooze until monday\nhello", when=known.get).text == "hello"


def test_no_word_means_two_commands():
    seen: dict[str, str] = {}
    for name, by in WORDS.items():
        assert set(by) == set(LANGUAGES)
        for words in by.values():
            for word in words.split():
                assert seen.setdefault(plain(word), name) == name
    assert len(NAMES) == 17


GROUPS = {
    "en": (",", "."),
    "de": (".", ","),
    "fr": ("\u202f", ","),
    "ch": ("'", "."),
    "es": (" ", ","),
    "plain": ("", "."),
}
FORMS = [
    "{number} {code}",
    "{code} {number}",
    "{number}{code}",
    "{code}{number}",
    "{number} {code} for two",
    " {number} {code}.",
]


@given(st.integers(1, 10**9), st.sampled_from(sorted(CODES)), st.sampled_from(list(GROUPS)), st.sampled_from(FORMS))
def test_an_amount_is_read_as_it_was_written(cents, code, style, form):
    group, point = GROUPS[style]
    amount = Decimal(cents) / 100
    number = f"{amount:,.2f}".replace(",", "\0").replace(".", point).replace("\0", group)
    money, rest = read_amount(form.format(number=number, code=code), "EUR")
    assert money == Money(amount, code)
    assert rest == ("for two" if form.endswith("two") else "")


@pytest.mark.parametrize(
    ("text", "own", "expected"),
    [
        ("49,90 €", "EUR", "49.90 EUR"), ("$1,299", "EUR", "1299.00 USD"), ("$1,299", "CAD", "1299.00 CAD"), ("CHF 20.-", "EUR", "20.00 CHF"),
        ("20,– €", "EUR", "20.00 EUR"), ("20.--", "CHF", "20.00 CHF"), ("1’299.50 Fr.", "EUR", "1299.50 CHF"), ("49", "EUR", "49.00 EUR"), ("49,9 €", "USD", "49.90 EUR"),
        ("£12.50", "EUR", "12.50 GBP"), ("¥1,299", "EUR", "1299 JPY"), ("1.299 KWD", "EUR", "1.299 KWD"), ("kr 1.200", "NOK", "1200.00 NOK"), ("1299 zł", "EUR", "1299.00 PLN"),
        ("49 eur", "USD", "49.00 EUR"), ("49.90 euros", "USD", "49.90 EUR"), ("1 299 €", "EUR", "1299.00 EUR"), ("1.234.567,89 EUR", "USD", "1234567.89 EUR"), ("49.90 pen", "EUR", "49.90 EUR"),
    ],
)  # fmt: skip
def test_local_notation(text, own, expected):
    assert str(read_amount(text, own)[0]) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "-5",
        "0",
        "0,00 €",
        "0,500",
        "1,29,99",
        "1.299.5",
        "1,299,50",
        "5%",
        "49-50",
        "12 € 30",
        "XYZ 5",
        "USD 5 EUR",
        "5x",
        "9" * 13,
        "49/2",
        "49.90/piece",
    ],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(Unusable):
        read_amount(text, "EUR")


@given(st.text(st.sampled_from(list("0123456789.,' €$EURCHF-")), max_size=20))
def test_reading_an_amount_never_fails_otherwise(text):
    try:
        money, _ = read_amount(text, "EUR")
    except Unusable:
        return
    assert money.amount > 0


def test_the_documentation_names_every_word():
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text("utf-8")
    for name, by in WORDS.items():
        row = (
            f"| {name} | " + " | ".join(", ".join(f"`/{word}`" for word in by[one].split()) for one in LANGUAGES) + " |"
        )
        assert row in page
