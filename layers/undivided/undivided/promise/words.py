"""Words of time in the five languages: how a time is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language's ways to say a time; `parts` are this morning, this afternoon, this evening."""

    minutes: str
    shortly: str
    parts: tuple[str, str, str]
    tomorrow: str
    on_day: str
    dated: str
    date: str
    """A date of any year: `{number}`, `{month}` and `{year}`."""
    clock: Callable[[int], str]
    """Minutes after midnight, up to 1440, as a time of the clock."""
    near: Callable[[int], str]
    """The same after one of `parts`, where "this afternoon" already says which half of the day."""
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    at: str
    """How `dates.echo` names a moment: `{day}` and `{clock}`."""


def _colon(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"


def _spoken(minute: int) -> str:
    hour = (minute // 60 - 1) % 12 + 1
    return f"{hour}:{minute % 60:02d}" if minute % 60 else str(hour)


def _midnight(said: str, clock: Callable[[int], str]) -> Callable[[int], str]:
    return lambda minute: said if minute == 24 * 60 else clock(minute)


def _uhr(minute: int) -> str:
    return f"{minute // 60}{f':{minute % 60:02d}' if minute % 60 else ''} Uhr"


def _heures(minute: int) -> str:
    return f"{minute // 60} h{f' {minute % 60:02d}' if minute % 60 else ''}"


def _las(minute: int) -> str:
    return f"{'la' if minute // 60 == 1 else 'las'} {_colon(minute)}"


def _le(minute: int) -> str:
    return f"l’{_colon(minute)}" if minute // 60 == 1 else f"le {_colon(minute)}"


WORDS: Mapping[str, Words] = {
    "en": Words(
        minutes="in about {} minutes",
        shortly="any moment now",
        parts=("this morning before {}", "this afternoon before {}", "this evening before {}"),
        tomorrow="tomorrow before {}",
        on_day="on {day} before {clock}",
        dated="{day} {number} {month}",
        date="{number} {month} {year}",
        clock=_midnight("midnight", _colon),
        near=_midnight("midnight", _spoken),
        weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        months=(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        at="{day}, {clock}",
    ),
    "de": Words(
        minutes="in etwa {} Minuten",
        shortly="jeden Moment",
        parts=("heute Vormittag vor {}", "heute Nachmittag vor {}", "heute Abend vor {}"),
        tomorrow="morgen vor {}",
        on_day="am {day} vor {clock}",
        dated="{day}, {number}. {month},",
        date="{number}. {month} {year}",
        clock=_midnight("Mitternacht", _uhr),
        near=_midnight("Mitternacht", _uhr),
        weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
        months=(
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ),
        at="{day} {clock}",
    ),
    "fr": Words(
        minutes="dans environ {} minutes",
        shortly="d’un moment à l’autre",
        parts=("ce matin avant {}", "cet après-midi avant {}", "ce soir avant {}"),
        tomorrow="demain avant {}",
        on_day="{day} avant {clock}",
        dated="{day} {number} {month}",
        date="{number} {month} {year}",
        clock=_midnight("minuit", _heures),
        near=_midnight("minuit", _heures),
        weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        months=(
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ),
        at="{day}, {clock}",
    ),
    "es": Words(
        minutes="en unos {} minutos",
        shortly="de un momento a otro",
        parts=("esta mañana antes de {}", "esta tarde antes de {}", "esta noche antes de {}"),
        tomorrow="mañana antes de {}",
        on_day="el {day} antes de {clock}",
        dated="{day} {number} de {month}",
        date="{number} de {month} de {year}",
        clock=_midnight("medianoche", _las),
        near=_midnight("medianoche", _las),
        weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        months=(
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ),
        at="{day}, a {clock}",
    ),
    "it": Words(
        minutes="tra circa {} minuti",
        shortly="da un momento all’altro",
        parts=("stamattina entro {}", "oggi pomeriggio entro {}", "stasera entro {}"),
        tomorrow="domani entro {}",
        on_day="{day} entro {clock}",
        dated="{day} {number} {month}",
        date="{number} {month} {year}",
        clock=_midnight("mezzanotte", _le),
        near=_midnight("mezzanotte", _le),
        weekdays=("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
        months=(
            "gennaio",
            "febbraio",
            "marzo",
            "aprile",
            "maggio",
            "giugno",
            "luglio",
            "agosto",
            "settembre",
            "ottobre",
            "novembre",
            "dicembre",
        ),
        at="{day}, {clock}",
    ),
}
