"""What a specialist can say by mail: a small grammar, decided before any word is relayed. docs/commands.md tells people.

    mail     = [block] words [block]        a block at the top, one at the bottom; blank lines in it do not matter
    block    = line ...
    line     = ("/" word | "#" known) [":"] [argument]      on a line of its own

A line that begins with `/` and a word is meant as a command; what follows the word must be a space, so that
`/usr/bin` is none. `#` is a sign of many uses: `#12345` and `#thanks` are words, only `#` before a known command is one.
Any mistake refuses the whole mail: then there is not one byte to be relayed, and the errors say what to write instead.
In a note nothing of the mail is for the shopper, wherever the word stands as a command; the others are obeyed beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from functools import lru_cache

from undivided.mail.amounts import read_amount
from undivided.mail.commandwords import NAMES, plain, shown, vocabulary
from undivided.texts import LANGUAGES, listed, say, spoken
from undivided.values import Money, Unusable

_BLANK = r"[ \t\u00a0\u200b-\u200f\ufeff]"
_LINE = re.compile(
    rf"{_BLANK}*(?P<sign>[/／#＃])(?P<word>[^\W\d_][\w-]{{0,39}})[:.!]?(?:{_BLANK}+(?P<rest>.*))?{_BLANK}*"
)
_GLUED = re.compile(rf"{_BLANK}*(?P<sign>[/／])(?P<word>[^\W\d_]+)(?![^\W\d_]|/|{_BLANK})")
_INLINE_NOTE = re.compile(rf"(?:\s|{_BLANK})/(?P<word>[^\W\d_]+)(?![\w/-])")
_ENDINGS = frozenset(("won", "lost", "close", "pass", "not_mine", "release", "snooze", "ask"))
"""Each says where the conversation goes next: two of them contradict."""
_PLACES = frozenset(("away", "back"))
_APART = {"undo": frozenset(NAMES) - {"undo", "note"}, "note": frozenset(("ask",))}
"""What cannot stand beside what: `undo` beside another order; a note beside a question to a colleague, who would get which words?

What adds or publishes words for shoppers is refused in a note by whoever does it, who says why.
"""
_NEEDS = {"ask": "who", "offer": "article", "template": "name", "snooze": "when"}
_LOOSE = 0.75
_MOST_ERRORS = 10
"""More mistakes than this tell nobody anything, and looking for near words takes time."""


@dataclass(frozen=True, slots=True)
class Command:
    """One understood line. `argument` is what stands behind the word, trimmed; `line` is the whole line."""

    name: str
    argument: str
    line: str
    money: Money | None = None
    """The amount of `won`, where one is given."""
    remark: str = ""
    """What stands behind that amount."""
    until: datetime | None = None
    """The moment of `away` and `snooze`, where one is given."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a mail says to us, and what to the shopper. With errors or a note, `text` is empty."""

    commands: tuple[Command, ...] = ()
    text: str = ""
    """What remains to be relayed."""
    errors: tuple[str, ...] = ()
    """Why the whole mail is refused, in the writer's language, one explanation each."""
    note: bool = False
    note_text: str = ""
    """The words of a note; never for the shopper."""

    def named(self, name: str) -> Command | None:
        return next((command for command in self.commands if command.name == name), None)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the grammar needs to know of the writer."""

    language: str
    currency: str
    when: Callable[[str], datetime | None] | None

    def say(self, key: str, **values: object) -> str:
        return say(self.language, f"command.{key}", **values)

    def shown(self, name: str) -> str:
        return f"/{shown(name, self.language)}"


class _Refused(Exception):
    """One mistake; its text is for the writer."""


def parse(
    reply_text: str,
    *,
    languages: Sequence[str] = LANGUAGES,
    currency: str = "EUR",
    when: Callable[[str], datetime | None] | None = None,
) -> Parsed:
    """Read a specialist's reply. Errors are in the first of `languages`; the words of all five are always understood.

    `when` reads a moment, as `promise.dates.understand` does on the writer's clock; without it, moments stay unread.
    `currency` is the shop's, for amounts that name none.
    """
    reading = _Reading(spoken(*languages), currency, when)
    lines = reply_text.splitlines()
    top = _top(lines)
    bottom = max(_bottom(lines), top)
    commands, errors = _read([*lines[:top], *lines[bottom:]], reading)
    errors += [*_stray(lines[top:bottom], reading), *_contradictions(commands, reading)]
    if errors:
        return Parsed(errors=tuple(dict.fromkeys(errors)))
    return _divided(tuple(commands), "\n".join(lines[top:bottom]).strip("\n"))


def _read(lines: Sequence[str], reading: _Reading) -> tuple[list[Command], list[str]]:
    commands, errors = list[Command](), list[str]()
    for line in filter(str.strip, lines):
        if len(errors) >= _MOST_ERRORS:
            break
        try:
            commands.append(_command(line, reading))
        except _Refused as refused:
            errors.append(str(refused))
    return list(dict.fromkeys(commands)), errors


def _divided(commands: tuple[Command, ...], words: str) -> Parsed:
    """Give the words to the shopper, or all of them to the note."""
    words = words if words.strip() else ""
    if not any(command.name == "note" for command in commands):
        return Parsed(commands, words)
    said = [command.argument for command in commands if command.name == "note" and command.argument]
    return Parsed(commands, note=True, note_text="\n".join([*said, *([words] if words else [])]))


def _top(lines: Sequence[str]) -> int:
    """Return how many lines the top block takes: any `/word` belongs to it, a `#word` only if it is a command."""
    taken = 0
    for number, line in enumerate(lines):
        match = _LINE.fullmatch(line)
        if match and (match["sign"] in "/／" or _meant(match)):
            taken = number + 1
        elif line.strip():
            break
    return taken


def _bottom(lines: Sequence[str]) -> int:
    """Return where the bottom block begins."""
    start = len(lines)
    for number in range(len(lines) - 1, -1, -1):
        if _looks_meant(lines[number]):
            start = number
        elif lines[number].strip():
            break
    return start


def _looks_meant(line: str) -> bool:
    """Say whether a line outside the top block is a command, or a `/word` that is nearly one."""
    match = _LINE.fullmatch(line)
    return bool(match and (_meant(match) or (match["sign"] in "/／" and _near(match["word"]))))


def _meant(match: re.Match[str]) -> str | None:
    """Return the command of a word in any language: a note in a language that nobody expected is still a note."""
    return vocabulary(LANGUAGES).get(plain(match["word"]))


@lru_cache(maxsize=256)
def _near(word: str) -> list[str]:
    return get_close_matches(plain(word), vocabulary(LANGUAGES), n=3, cutoff=_LOOSE)


def _stray(lines: Sequence[str], reading: _Reading) -> list[str]:
    """Find commands between the words: relaying them would tell the shopper what was meant for us."""
    found = []
    for line in lines:
        glued = _GLUED.match(line)
        if _looks_meant(line):
            found.append(reading.say("stray", line=line.strip()[:60]))
        elif glued and _meant(glued):
            found.append(_unknown(glued, reading))
        else:
            notes = (note for note in _INLINE_NOTE.finditer(line) if _meant(note) == "note")
            found += [reading.say("inline_note", word=note[0].strip()) for note in notes]
    return found


def _command(line: str, reading: _Reading) -> Command:
    match = _LINE.fullmatch(line)
    name = _meant(match) if match else None
    if match is None or name is None:
        raise _Refused(_unknown(match, reading) if match else reading.say("unknown", word=line.strip()[:40]))
    command = Command(name, (match["rest"] or "").strip(), line.strip())
    if name in _NEEDS and not command.argument:
        raise _Refused(reading.say(f"needs.{_NEEDS[name]}", word=reading.shown(name)))
    return _READERS.get(name, _as_it_is)(command, reading)


def _unknown(match: re.Match[str], reading: _Reading) -> str:
    """Explain a word that is no command, or is one with something stuck to it."""
    word = match.string.split()[0][:40]
    near = {vocabulary(LANGUAGES)[one]: one for one in reversed(_near(match["word"]))}
    if not near:
        return reading.say("unknown", word=word)
    meant = (f"/{one}" for one in reversed(near.values()))
    return reading.say("did_you_mean", word=word, meant=listed(reading.language, meant))


def _as_it_is(command: Command, _: _Reading) -> Command:
    return command


def _won(command: Command, reading: _Reading) -> Command:
    if not command.argument:
        return command
    try:
        money, remark = read_amount(command.argument, reading.currency)
    except Unusable:
        example = f"{reading.shown('won')} 49.90 {reading.currency}"
        raise _Refused(reading.say("amount", line=command.line[:60], example=example)) from None
    return replace(command, money=money, remark=remark)


def _until(command: Command, reading: _Reading) -> Command:
    if not command.argument or reading.when is None:
        return command
    until = reading.when(command.argument)
    if until is None:
        raise _Refused(reading.say("moment", argument=command.argument[:60], word=reading.shown(command.name)))
    return replace(command, until=until)


_READERS: Mapping[str, Callable[[Command, _Reading], Command]] = {"won": _won, "away": _until, "snooze": _until}


def _contradictions(commands: Sequence[Command], reading: _Reading) -> list[str]:
    """Find pairs that cannot both be meant: two ways to go on, away and back, or one thing said twice differently."""
    found = []
    for group in (_ENDINGS, _PLACES):
        meant = [command for command in commands if command.name in group]
        if len(meant) > 1:
            found.append(reading.say("contradiction", one=meant[0].line[:60], other=meant[1].line[:60]))
    for name, apart in _APART.items():
        one = next((command for command in commands if command.name == name), None)
        other = next((command for command in commands if command.name in apart), None)
        if one and other:
            found.append(reading.say("contradiction", one=one.line[:60], other=other.line[:60]))
    return found
