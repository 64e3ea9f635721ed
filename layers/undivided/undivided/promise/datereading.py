"""Reading the words of a date one by one; what they mean together is decided in `dates`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from undivided.promise.datewords import GRAMMARS, Grammar
from undivided.promise.zones import DAY

_DECEMBER = 12
_CENTURY = 100
_TWELVE = 12
_MIDNIGHT = 24
_LAST_MINUTE = 59
_HOUR_OF_CLOCK = 7
_SMALL = 6


@dataclass(frozen=True, slots=True)
class Found:
    """What has been read so far; None and zero mean that nothing was."""

    offset: int | None = None
    """Days from today."""
    weekday: int | None = None
    number: int | None = None
    month: int | None = None
    year: int | None = None
    week: bool = False
    """True: in the coming week."""
    coming: bool = False
    """True: not today."""
    part: int | None = None
    """Part of the day, in minutes after midnight."""
    minute: int | None = None
    loose: bool = False
    """True: the hour may be one of the afternoon, said on a clock of twelve hours."""
    early: bool = False
    """True: an English hour so small that without a word it is of the afternoon; nobody means three in the night."""
    read_off: bool = False
    """True: such an hour with its minutes, "1:00": on a clock of 24 hours it is of the night, on one of twelve it is not."""
    days: int = 0
    minutes: int = 0


Action = Callable[[Found, re.Match[str]], Found | None]
Rule = tuple[re.Pattern[str], Action]


def read(text: str, language: str) -> Found | None:
    """Read all of `text`, which is in small letters without accents; None if one word of it is not understood."""
    found, place = Found(), 0
    while place < len(text):
        if text[place] in " ,.;":
            place += 1
            continue
        for pattern, action in _rules(language):
            match = pattern.match(text, place)
            more = action(found, match) if match else None
            if match and more:
                found, place = more, match.end()
                break
        else:
            return None
    return found


@lru_cache(maxsize=16)
def _rules(language: str) -> tuple[Rule, ...]:
    """Return the language's rules in the order in which they are tried: what is more exact comes first."""
    grammar = GRAMMARS[language]
    hour, half = f"(?P<sign>{_any(grammar.hour)})", r"(?P<half>[ap]\.?m\b\.?)" if grammar.english else "(?P<half>(?!))"
    number = rf"(?P<count>\d{{1,3}}(?= ?[a-z])|{_any('|'.join(grammar.numbers))}(?= ))"
    month = f"(?P<month>{_any('|'.join(grammar.months))})\\b\\.?"
    nth = r"(?P<number>\d{1,2})(?:st|nd|rd|th|er|o|\.)?"
    rules: list[tuple[str, Action]] = [
        (r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<number>\d{1,2})", _date(grammar)),
        (r"(?P<number>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?", _date(grammar)),
        (r"(?P<number>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4}|\d{2})?", _date(grammar)),
        (rf"{nth} ?(?:of |de |di )?{month}(?: (?:de |del )?(?P<year>\d{{4}}))?", _date(grammar)),
        *([(rf"{month} {nth}(?:,? (?P<year>\d{{4}}))?", _date(grammar))] if grammar.english else []),
        (f"(?:{_any(grammar.within)} )?(?P<named>{_any('|'.join(grammar.spans))})", _named_span(grammar)),
        (rf"(?P<within>{_any(grammar.within)} )?{number} ?(?P<unit>{_any('|'.join(grammar.units))})", _span(grammar)),
        (
            rf"(?:(?P<at>{_any(grammar.at)}) ?)?(?P<hour>\d{{1,2}})(?:[:.]| ?h ?)(?P<minute>\d{{2}})(?: ?{hour})?(?: ?{half})?",
            _clock(grammar),
        ),
        (rf"(?:{_any(grammar.at)} )?(?P<hour>\d{{1,2}}) ?(?:{half}|{hour})", _clock(grammar)),
        (rf"(?P<at>{_any(grammar.at)}) ?(?P<hour>\d{{1,2}})", _clock(grammar)),
        (rf"(?P<hour>\d{{1,2}})(?= {_any('|'.join(grammar.times))})", _clock(grammar)),
        (r"(?P<hour>\d{1,2})", _bare_hour(grammar)),
        (f"(?P<week>{_any(grammar.next_week)})", lambda found, _: replace(found, week=True)),
        (f"(?P<named>{_any('|'.join(grammar.days))})", _day(grammar)),
        (f"(?P<named>{_any('|'.join(grammar.times))})", _part(grammar)),
        (f"(?P<named>{_any('|'.join(grammar.weekdays))})", _weekday(grammar)),
        (f"(?P<named>{_any(grammar.coming)})", lambda found, _: replace(found, coming=True)),
        (_any(grammar.filler), lambda found, _: found),
    ]
    return tuple((re.compile(rf"(?:{pattern})(?!\w)"), action) for pattern, action in rules)


def _any(words: str) -> str:
    """Return a pattern for any of the words, longest first."""
    return "|".join(re.escape(word) for word in sorted(words.split("|"), key=len, reverse=True)).join(("(?:", ")"))


def _place(words: Iterable[str], word: str) -> int:
    return next(place for place, group in enumerate(words) if word in group.split("|"))


def _value(table: Mapping[str, int], word: str) -> int:
    return next(value for group, value in table.items() if word in group.split("|"))


def _date(grammar: Grammar) -> Action:
    def action(found: Found, match: re.Match[str]) -> Found | None:
        number, name, year = int(match["number"]), match["month"], int(match["year"] or 0)
        month = int(name) if name.isdigit() else _place(grammar.months, name) + 1
        if grammar.english and "/" in match[0]:
            if number != month and max(number, month) <= _DECEMBER:
                return None
            number, month = max(number, month), min(number, month)
        if found.number is not None or not 1 <= month <= _DECEMBER:
            return None
        return replace(found, number=number, month=month, year=year + 2000 * (year < _CENTURY) if year else None)

    return action


def _named_span(grammar: Grammar) -> Action:
    return lambda found, match: replace(found, minutes=found.minutes + _value(grammar.spans, match["named"]))


def _span(grammar: Grammar) -> Action:
    def action(found: Found, match: re.Match[str]) -> Found | None:
        word = match["count"]
        count = int(word) if word.isdigit() else _value(grammar.numbers, word)
        if match["unit"] == "h" and not 0 < count < _HOUR_OF_CLOCK and not match["within"]:
            return None  # "14 h" and "0 h 30" are times of the clock, "2 h" two hours
        minutes = count * _value(grammar.units, match["unit"])
        if minutes % DAY or not minutes:
            return replace(found, minutes=found.minutes + minutes)
        return replace(found, days=found.days + minutes // DAY)

    return action


def _clock(grammar: Grammar) -> Action:
    def action(found: Found, match: re.Match[str]) -> Found | None:
        parts = match.groupdict()
        hour, minute, half = int(parts["hour"]), int(parts.get("minute") or 0), parts.get("half")
        if found.minute is not None or hour > _MIDNIGHT or minute > _LAST_MINUTE or (half and not 1 <= hour <= _TWELVE):
            return None
        if re.fullmatch(r"\d{1,2}\.(?:0[1-9]|1[0-2])", match[0]):
            return None  # "12.05" may be the twelfth of May
        if half:
            return replace(found, minute=(hour % _TWELVE + (_TWELVE if half[0] == "p" else 0)) * 60 + minute)
        loose = hour <= _TWELVE and not parts["hour"].startswith("0")
        early = grammar.english and loose and 1 <= hour <= _SMALL
        read_off = parts.get("minute") is not None
        return replace(found, minute=hour * 60 + minute, loose=loose, early=early, read_off=early and read_off)

    return action


def _bare_hour(grammar: Grammar) -> Action:
    """Read "monday 9"; a number with no day before it may be anything."""
    clock = _clock(grammar)

    def action(found: Found, match: re.Match[str]) -> Found | None:
        return None if found == Found() else clock(found, match)

    return action


def _day(grammar: Grammar) -> Action:
    def action(found: Found, match: re.Match[str]) -> Found | None:
        if found.offset is not None or found.weekday is not None:
            return None  # "Dienstag morgen" is the morning
        return replace(found, offset=_value(grammar.days, match["named"]))

    return action


def _part(grammar: Grammar) -> Action:
    def action(found: Found, match: re.Match[str]) -> Found | None:
        return replace(found, part=_value(grammar.times, match["named"])) if found.part is None else None

    return action


def _weekday(grammar: Grammar) -> Action:
    def action(found: Found, match: re.Match[str]) -> Found | None:
        return replace(found, weekday=_place(grammar.weekdays, match["named"])) if found.weekday is None else None

    return action
