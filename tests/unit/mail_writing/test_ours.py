"""What we wrote never comes back out, whatever a mail program does to the quote; and no key is overlooked."""

from __future__ import annotations

import cProfile
import pstats
import re
import textwrap
from html import unescape
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from undivided.mail import keys
from undivided.mail.commands import parse
from undivided.mail.commandwords import shown
from undivided.mail.compose import compose
from undivided.mail.ours import BLANK, answered_inside, blank, cut_ours, leaks
from undivided.mail.shown import ACTIONS
from undivided.mail.stretches import letters
from undivided.mail.unwrapping import unwrapped
from undivided.mail.written import offered_in
from undivided.texts import LANGUAGES, texts
from unit.mail_writing.letters import (
    CONTEXT,
    EARLIER,
    FOLLOW_UP,
    MAILS,
    NOTE,
    QUESTION,
    RING,
    VARIANTS,
    in_language,
    written,
)
from unit.mail_writing.test_compose import page, plain, read

REPLY = "Yes, they come in blue.\n\nShall I put a pair aside for you? The 42.5 is the last one."
SENT = {name: compose(*written(name), CONTEXT).raw for name in [*MAILS, *VARIANTS]}


def linked(raw):
    """Return the HTML as programs make text of it: links spelled out behind their label."""
    body = page(read(raw)).partition("<body")[2].partition(">")[2]
    spelled = re.sub(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', r"\2<\1>", body, flags=re.DOTALL).replace("<br>", "\n")
    kept = re.sub(r"<(?!(?:https?|mailto):)[^>]*>", " ", spelled)
    return "\n".join(line.strip() for line in unescape(kept).splitlines() if line.strip())


def prefixed(mark):
    return lambda text: "\n".join(f"{mark}{line}" for line in text.splitlines())


def wrapped(width, mark="> "):
    return lambda text: "\n".join(
        f"{mark}{line}"
        for block in text.splitlines()
        for line in textwrap.wrap(block, width, break_long_words=False) or [""]
    )


def outlook(text):
    return f"________________________________\nFrom: Anna über Bergfreund\nSent: Monday\nTo: Kevin\nSubject: Re: Anna fragt\n\n{text}"


STYLES = {
    "as it is": lambda text: text,
    "> ": prefixed("> "),
    ">": prefixed(">"),
    "> > ": prefixed("> > "),
    ">>> ": prefixed(">>> "),
    "| ": prefixed("| "),
    "initials": prefixed("KM> "),
    "indented": prefixed("    "),
    "tab": prefixed("\t"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "wrapped at 72": wrapped(72),
    "wrapped at 40": wrapped(40),
    "wrapped without marks": wrapped(60, ""),
    "one line": lambda text: " ".join(text.split()),
    "double spaced": lambda text: text.replace("\n", "\n\n"),
    "capital letters": str.upper,
    "stars for bold": lambda text: re.sub(r"(\w+)", r"*\1*", text),
    "full width quotes": lambda text: text.replace("“", '"').replace("’", "'").replace("–", "-"),
    "soft hyphens": lambda text: text.replace("e", "e\u00ad"),
    "header block": outlook,
    "original message": lambda text: f"-----Original Message-----\n{text}",
}  # fmt: skip
FORMS = {"text": lambda raw: plain(read(raw)), "html": linked}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", SENT)
def test_a_quote_is_cut_and_the_new_words_stay(name, form):
    """Every kind of mail, as text and as HTML, in every quoting style, above and below the new words."""
    for style, change in STYLES.items():
        quote = change(FORMS[form](SENT[name]))
        for mail in (f"{REPLY}\n\n{quote}", f"{quote}\n\n{REPLY}"):
            left = cut_ours(mail, [SENT[name]])
            assert REPLY in left, style
            assert not leaks(left, RING), style
            more = set(re.findall(r"[^\W_]{5,}", left.casefold())) - set(re.findall(r"\w{5,}", REPLY.casefold()))
            assert more <= ADDED.get(style, set()), style


ADDED = {
    "header block": {"monday", "subject", "bergfreund", "fragt", "kevin"},
    "original message": {"original", "message"},
}
"""Words that the mail program adds in this style."""
SECRETS = {
    "reply address": lambda: re.search(
        r"r-[a-z2-7]{31}@ask\.shop\.example", plain(read(SENT["unreachable"])) + str(read(SENT["question"])["From"])
    )[0],
    "status link": lambda: re.search(r"https://desk\S+", plain(read(SENT["ack"])))[0],
    "mailto": lambda: unescape(re.search(r'href="(mailto:[^"]*)"', page(read(SENT["question"])))[1]),
    "action link": lambda: re.search(r"https://desk\S+/act/\S+", plain(read(SENT["question"])))[0],
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("secret", SECRETS)
def test_a_key_in_the_middle_of_new_words_is_found_and_blanked(secret, style):
    """Cutting leaves lines that mix words; what is left of keys is found by looking for them."""
    mail = STYLES[style](f"Look at this one: {SECRETS[secret]()} and tell me more about it.")
    left = cut_ours(mail, list(SENT.values()))
    clean = blank(left, RING)
    assert not leaks(clean, RING)
    assert (BLANK in clean) == bool(leaks(left, RING))
    said = clean.casefold().replace("\u00ad", "").replace("*", "")
    assert "look" in said
    assert "tell" in said


@pytest.mark.parametrize(
    "break_up",
    [
        lambda key: key[:17] + "=\n" + key[17:], lambda key: key[:5] + "\n> " + key[5:], lambda key: key[:9] + "\u00ad" + key[9:], lambda key: key[:20] + " " + key[20:],
        str.upper, lambda key: f"https://eur01.safelinks.example/?url=https%3A%2F%2Fdesk%2Fq%2F{key}&data=05", lambda key: f"x={key}.", lambda key: key[:3] + "\u200b" + key[3:],
        lambda key: f"abc{key}def", lambda key: f"{key}{key}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("purpose", keys.PURPOSES[1:])
def test_a_broken_key_is_found(purpose, break_up):
    key = keys.link_key(RING, "k7m2cqxd4wab", 1, purpose)
    mail = f"See\n{break_up(key)}\nthere."
    assert {found.purpose for found in leaks(mail, RING)} == {purpose}
    assert not leaks(blank(mail, RING), RING)
    assert blank(mail, RING).startswith("See")
    assert blank(mail, RING).endswith("there.")


@pytest.mark.parametrize(
    "line",
    [
        "On Mon, 4 May 2026 at 10:30, Anna über Bergfreund <{0}> wrote:",
        "Am 4. Mai 2026 um 10:30 schrieb Anna über Bergfreund <{0}>:",
        "From: Anna über Bergfreund <{0}>",
        "*Von:* Anna über Bergfreund [mailto:{0}]",
        "To: {0}",
        "> Reply-To: {0}",
    ],
)
def test_a_program_s_own_line_that_names_us_as_the_writer_goes_too(line):
    address = SECRETS["reply address"]()
    left = cut_ours(f"{REPLY}\n\n{line.format(address)}\n> {QUESTION.splitlines()[0]}", [SENT["question"]])
    assert address not in left
    assert REPLY in left
    said = f"Please write to {address} next time (or {address})"
    assert cut_ours(said, [SENT["question"]]) == said


WRAPPED = {
    "a filter's address": lambda url: (
        f"https://eur01.safe.example/?url={quote(url, safe='')}&data=05%7C01&sdata=x%3D&reserved=0"
    ),
    "small letters": lambda url: f"https://safe.example/?u={quote(url, safe='').lower()}",
    "a frame": lambda url: f"https://urldefense.example/v3/__{url}__;!!Ab-C!x$",
}


@pytest.mark.parametrize("wrap", WRAPPED)
@pytest.mark.parametrize("form", FORMS)
def test_links_that_a_mail_filter_leads_round_are_ours_all_the_same(form, wrap):
    """Else their key would still be there, and every mail of whoever has such a filter would come back refused."""
    quoted = re.sub(r"https://desk[^\s<>]+", lambda found: WRAPPED[wrap](found[0]), FORMS[form](SENT["question"]))
    mail = f"{REPLY}\n\n{prefixed('> ')(quoted)}"
    assert leaks(cut_ours(mail, [SENT["question"]]), RING)
    assert cut_ours(unwrapped(mail, CONTEXT.public_url), [SENT["question"]]) == REPLY


@given(st.text(max_size=200))
def test_other_links_stay_as_they_are(words):
    said = f"{words} https://shop.example/?url=https%3A%2F%2Felse.example%2Fx&a=1 {words}"
    assert unwrapped(said, CONTEXT.public_url) == said


def test_a_note_and_another_s_answer_do_not_come_back():
    quote = prefixed("> ")(plain(read(SENT["follow_up"])))
    left = cut_ours(f"{REPLY}\n\nAm 4. Mai schrieb Anna:\n{quote}", [SENT["follow_up"]])
    assert NOTE not in left
    assert "half a size" not in left
    assert left == f"{REPLY}\n\nAm 4. Mai schrieb Anna:"


def test_answers_between_the_quoted_lines_stay():
    quote = plain(read(SENT["question"])).splitlines()
    mixed = f"> {quote[0]}\nNo, they are true to size in this colour.\n> {quote[2]}\nThen take the wide last."
    left = cut_ours(mixed, [SENT["question"]])
    assert "No, they are true to size in this colour." in left
    assert "Then take the wide last." in left


ANSWERED = ("question", "follow_up", "reminder", "consult", "answer", "ack", "revised", "nudge")
"""Kinds that are answered, and have more than one line."""


def halves(text):
    """Part a text at the end of the line that holds the middle of its letters."""
    lines, total = text.split("\n"), len(letters(text))
    at = next(at for at in range(len(lines)) if len(letters("\n".join(lines[: at + 1]))) >= total / 2)
    return "\n".join(lines[: at + 1]), "\n".join(lines[at + 1 :])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", SENT)
def test_answers_inside_a_history_show_and_a_mere_quote_never_does(name, form):
    """Whatever mail programs do to a quote, and whatever they write into it."""
    for style, change in STYLES.items():
        quote = change(FORMS[form](SENT[name]))
        assert not answered_inside(quote, [SENT[name]]), style
        above, below = halves(quote)
        assert not answered_inside(
            f"{above}\n[image: a boot]\n<https://cdn.shop.example/boot.png>\n"
            f"Lähetetty: 2. toukokuuta\nReply to: Anna <anna@shop.example>\n{below}",
            [SENT[name]],
        )
        if style != "one line" and name in ANSWERED:
            assert answered_inside(f"{above}\nYes, in blue too.\n{below}", [SENT[name]]), style
            assert answered_inside(f"{above}\nWeite: 42\n{below}", [SENT[name]]), style
        assert not answered_inside(f"Yes, in blue too.\n{quote}\nKevin", [SENT[name]]), style


COPIED = EARLIER[0].answer
OFFERED = offered_in(SENT["question"])


def test_what_was_offered_is_read_back_from_the_mail_that_offered_it():
    assert [one.split() for one in OFFERED] == [one.answer.split() for one in EARLIER]
    assert [offered_in(raw) for name, raw in SENT.items() if name != "question"] == [()] * (len(SENT) - 1)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("form", FORMS)
def test_an_earlier_answer_that_was_copied_on_top_is_theirs_and_goes_out(form, style):
    quote = STYLES[style](FORMS[form](SENT["question"]))
    for own in (
        COPIED,
        f"Hello Anna,\n\n{COPIED}\n\nKevin",
        f"{COPIED.splitlines()[0]}\n\nAnd this:\n\n{EARLIER[1].answer}",
    ):
        mail = f"{own}\n\nOn Monday Anna wrote:\n\n{quote}"
        left = cut_ours(mail, [SENT["question"]], [QUESTION], OFFERED)
        assert left.startswith(own), style
        assert not leaks(left, RING)
        rest = left.removeprefix(own)
        assert COPIED[40:70] not in rest, style
        assert "true to size" not in rest.casefold(), style


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("form", FORMS)
def test_an_earlier_answer_that_is_only_quoted_never_goes_out(form, style):
    """However it is quoted, above, below or around new words, although it could be used."""
    quote = STYLES[style](FORMS[form](SENT["question"]))
    lines = quote.splitlines()
    answered = "\n".join([*lines[: len(lines) // 2], REPLY, *lines[len(lines) // 2 :]])
    for mail in (f"{REPLY}\n\n{quote}", f"{quote}\n\n{REPLY}", answered):
        left = cut_ours(mail, [SENT["question"]], [QUESTION], OFFERED)
        assert REPLY in left
        said = re.sub(r"[\W_]", "", left.casefold())
        for one in EARLIER:
            for words in (one.answer, one.question):
                letters = re.sub(r"[\W_]", "", words.casefold())
                assert not [at for at in range(0, len(letters) - 24, 12) if letters[at : at + 24] in said], style


@pytest.mark.parametrize("mark", ["> ", "| ", "KM> ", ">>"])
def test_one_that_was_quoted_alone_is_a_quote(mark):
    assert cut_ours(f"{REPLY}\n\n{prefixed(mark)(COPIED)}", [SENT["question"]], [QUESTION], OFFERED) == REPLY


def test_who_says_the_same_again_is_not_silenced():
    again = "they run half a size small: take 42.5. For broad feet they are fine."
    assert cut_ours(again, [SENT["follow_up"]]) == ""
    assert cut_ours(again, [SENT["follow_up"]], known=[again]) == again
    assert NOTE not in cut_ours(f"{again}\n{NOTE}", [SENT["follow_up"]], known=[again, QUESTION])


@pytest.mark.parametrize(
    "line", ["Thank you!", "Anna", "Yes", "Kevin", "42.5", "Kind regards\nKevin", FOLLOW_UP.splitlines()[0]]
)
def test_short_words_that_we_also_wrote_stay(line):
    assert cut_ours(line, list(SENT.values())) == line


@settings(max_examples=60)
@given(
    st.text(st.sampled_from(list("abcdefgh XYZ.,!?\n\t>éß漢")), max_size=200),
    st.sampled_from(sorted(SENT)),
    st.sampled_from(sorted(STYLES)),
)
def test_no_new_word_is_ever_lost(words, name, style):
    quote = STYLES[style](plain(read(SENT[name])))
    left = cut_ours(f"{words}\n\n{quote}", [SENT[name]])
    new = [word for word in re.findall(r"\w{4,}", words) if word.casefold() not in quote.casefold()]
    assert all(word in left for word in new)


@given(st.text(max_size=300))
def test_without_a_quote_nothing_changes(words):
    assert cut_ours(words, [SENT["question"], SENT["ack"]]) == words


@given(st.text(st.sampled_from(list("abcdefghijklmnopqrstuvwxyz234567 \n>")), max_size=400))
def test_nothing_else_looks_like_a_key(words):
    assert leaks(words, RING) == ()


def test_a_long_mail_is_searched_in_time_that_grows_with_its_length():
    """Once as long takes about twice as long, not four times: the work is counted in calls, which no noise disturbs."""

    def calls(times):
        profile = cProfile.Profile()
        profile.enable()
        cut_ours(f"{REPLY} " * times, [SENT["question"] + b"\r\n" + REPLY.encode() * times])
        profile.disable()
        return pstats.Stats(profile).total_calls

    assert calls(200) < 3 * calls(100)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", ACTIONS)
def test_a_command_typed_just_as_the_card_shows_it_is_not_taken_for_a_quote(language, command):
    one, record, context = in_language(language, "question")
    line = f"/{shown(command, language)}{texts(language).get(f'action.{command}.more', '')}"
    raw = compose(one, record, context).raw
    assert line in plain(read(raw))
    assert cut_ours(line, [raw]) == line
    assert cut_ours(f"{line}\n\n{REPLY}\n\n{prefixed('> ')(plain(read(raw)))}", [raw]) == f"{line}\n\n{REPLY}"


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", ["question", "follow_up", "reminder", "consult", "welcome"])
def test_what_is_cut_before_it_is_parsed_holds_no_command_of_ours(name, style):
    """The card shows commands: quoted by a program whose quotes nobody recognises, they must not be taken for orders."""
    parsed = parse(cut_ours(f"{REPLY}\n\n{STYLES[style](plain(read(SENT[name])))}", [SENT[name]]))
    assert parsed.errors == ()
    assert parsed.commands == ()
    assert parsed.text.startswith(REPLY)
