"""How people write days and times in the five languages; small letters without accents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grammar:
    """One language's words for `dates.understand`; alternatives are separated by `|`, and spaces count as one."""

    filler: str
    """Words that change nothing: until, on, and."""
    coming: str
    """Next: never today."""
    at: str
    """What stands before an hour of the clock."""
    within: str
    """What stands before a length of time."""
    days: Mapping[str, int]
    """Named day -> days from today."""
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    times: Mapping[str, int]
    """Named time of day -> minutes after midnight."""
    units: Mapping[str, int]
    """Unit of a length of time -> minutes; whole days and weeks keep the clock's time."""
    spans: Mapping[str, int]
    """Named length of time -> minutes."""
    numbers: Mapping[str, int]
    """Numbers that people write as words before a unit."""
    hour: str
    """What follows an hour: Uhr, h, o'clock."""
    next_week: str
    english: bool = False
    """True: 3/4 may be either day or month first and is refused, am and pm are read, and 3:00 is in the afternoon."""


_TWELVE = range(1, 13)


def _numbers(words: str) -> dict[str, int]:
    """Give the words their place: "a|one two|…" means a and one are 1, two is 2."""
    return {word: number for number, group in zip(_TWELVE, words.split(), strict=False) for word in group.split("|")}


GRAMMARS: Mapping[str, Grammar] = {
    "en": Grammar(
        filler="until|till|til|to|on|by|before|the|and|this|back|of",
        coming="next|coming",
        at="at|by|until|till|around",
        within="in|for|about|another",
        days={"today": 0, "tomorrow|tmrw|tmr": 1, "the day after tomorrow|day after tomorrow": 2},
        weekdays=(
            "monday|mon",
            "tuesday|tues|tue",
            "wednesday|weds|wed",
            "thursday|thurs|thur|thu",
            "friday|fri",
            "saturday|sat",
            "sunday|sun",
        ),
        months=(
            "january|jan",
            "february|feb",
            "march|mar",
            "april|apr",
            "may",
            "june|jun",
            "july|jul",
            "august|aug",
            "september|sept|sep",
            "october|oct",
            "november|nov",
            "december|dec",
        ),
        times={
            "in the morning|morning": 540,
            "at noon|noon|midday|lunchtime|lunch": 720,
            "in the afternoon|afternoon": 840,
            "in the evening|evening|tonight": 1080,
            "midnight": 1440,
        },
        units={"minutes|minute|mins|min": 1, "hours|hour|hrs|hr|h": 60, "days|day|d": 1440, "weeks|week|w": 10080},
        spans={"half an hour": 30, "an hour and a half": 90},
        numbers=_numbers("a|an|one two|couple three four five six seven eight nine ten eleven twelve"),
        hour="o'clock|oclock|hours|h",
        next_week="next week",
        english=True,
    ),
    "de": Grammar(
        filler="bis zum|bis zur|bis|am|an|den|dem|der|ab|und|diesen|wieder",
        coming="nachsten|nachster|naechsten|kommenden|kommender",
        at="um|bis|gegen",
        within="in|fur|fuer|noch",
        days={"heute": 0, "morgen": 1, "ubermorgen|uebermorgen": 2},
        weekdays=(
            "montag|mo",
            "dienstag|di",
            "mittwoch|mi",
            "donnerstag|do",
            "freitag|fr",
            "samstag|sonnabend|sa",
            "sonntag|so",
        ),
        months=(
            "januar|janner|jan",
            "februar|feb",
            "marz|maerz|mrz",
            "april|apr",
            "mai",
            "juni|jun",
            "juli|jul",
            "august|aug",
            "september|sept|sep",
            "oktober|okt",
            "november|nov",
            "dezember|dez",
        ),
        times={
            "fruh|frueh|am morgen|morgens|morgen|vormittag|vormittags|am vormittag": 540,
            "mittag|mittags|am mittag": 720,
            "nachmittag|nachmittags|am nachmittag": 840,
            "abend|abends|am abend": 1080,
            "mitternacht": 1440,
        },
        units={
            "minuten|minute|min": 1,
            "stunden|stunde|std|h": 60,
            "tage|tagen|tag|d": 1440,
            "wochen|woche|w": 10080,
        },
        spans={"eine halbe stunde|halbe stunde|einer halben stunde": 30, "anderthalb stunden|eineinhalb stunden": 90},
        numbers=_numbers(
            "ein|eine|einen|einer|einem zwei drei vier funf|fuenf sechs sieben acht neun zehn elf zwolf|zwoelf"
        ),
        hour="uhr|h",
        next_week="nachste woche|naechste woche|nachster woche|kommende woche",
    ),
    "fr": Grammar(
        filler="jusqu'au|jusqu'a|jusque|au|a|le|la|des|et|ce|cet|de|d'ici",
        coming="prochain|prochaine",
        at="a|jusqu'a|vers|des",
        within="dans|pour|pendant",
        days={"aujourd'hui": 0, "demain": 1, "apres-demain|apres demain": 2},
        weekdays=(
            "lundi|lun",
            "mardi|mar",
            "mercredi|mer",
            "jeudi|jeu",
            "vendredi|ven",
            "samedi|sam",
            "dimanche|dim",
        ),
        months=(
            "janvier|janv",
            "fevrier|fevr|fev",
            "mars",
            "avril|avr",
            "mai",
            "juin",
            "juillet|juil",
            "aout",
            "septembre|sept",
            "octobre|oct",
            "novembre|nov",
            "decembre|dec",
        ),
        times={
            "au matin|le matin|matin": 540,
            "a midi|midi": 720,
            "l'apres-midi|apres-midi|apres midi": 840,
            "le soir|au soir|soir": 1080,
            "minuit": 1440,
        },
        units={
            "minutes|minute|min|mn": 1,
            "heures|heure|h": 60,
            "jours|jour|j": 1440,
            "semaines|semaine|sem": 10080,
        },
        spans={"une demi-heure|demi-heure|une demi heure": 30, "une heure et demie": 90},
        numbers=_numbers("un|une deux trois quatre cinq six sept huit neuf dix onze douze"),
        hour="heures|heure|h",
        next_week="la semaine prochaine|semaine prochaine",
    ),
    "es": Grammar(
        filler="hasta el|hasta|el|la|las|a|al|de|del|y|este|esta",
        coming="proximo|proxima",
        at="a las|a la|las|la|hasta las|hasta la|sobre las",
        within="en|dentro de|por|durante",
        days={"hoy": 0, "manana": 1, "pasado manana": 2},
        weekdays=(
            "lunes|lun",
            "martes|mar",
            "miercoles|mie",
            "jueves|jue",
            "viernes|vie",
            "sabado|sab",
            "domingo|dom",
        ),
        months=(
            "enero|ene",
            "febrero|feb",
            "marzo|mar",
            "abril|abr",
            "mayo|may",
            "junio|jun",
            "julio|jul",
            "agosto|ago",
            "septiembre|setiembre|sept|sep",
            "octubre|oct",
            "noviembre|nov",
            "diciembre|dic",
        ),
        times={
            "por la manana|de la manana|manana": 540,
            "al mediodia|mediodia": 720,
            "por la tarde|de la tarde|tarde": 960,
            "por la noche|de la noche|noche": 1200,
            "medianoche": 1440,
        },
        units={"minutos|minuto|min": 1, "horas|hora|h": 60, "dias|dia|d": 1440, "semanas|semana": 10080},
        spans={"media hora": 30, "una hora y media|hora y media": 90},
        numbers=_numbers("un|una dos tres cuatro cinco seis siete ocho nueve diez once doce"),
        hour="horas|hora|hrs|h",
        next_week="la semana que viene|la proxima semana|proxima semana|semana que viene",
    ),
    "it": Grammar(
        filler="fino al|fino a|fino|al|a|il|la|l'|di|del|e|questo|questa",
        coming="prossimo|prossima",
        at="alle|all'|fino alle|fino all'|le|verso le",
        within="tra|fra|per|in",
        days={"oggi": 0, "domani": 1, "dopodomani": 2},
        weekdays=(
            "lunedi|lun",
            "martedi|mar",
            "mercoledi|mer",
            "giovedi|gio",
            "venerdi|ven",
            "sabato|sab",
            "domenica|dom",
        ),
        months=(
            "gennaio|gen",
            "febbraio|feb",
            "marzo|mar",
            "aprile|apr",
            "maggio|mag",
            "giugno|giu",
            "luglio|lug",
            "agosto|ago",
            "settembre|sett|set",
            "ottobre|ott",
            "novembre|nov",
            "dicembre|dic",
        ),
        times={
            "di mattina|mattina|mattino|al mattino": 540,
            "mezzogiorno": 720,
            "pomeriggio|di pomeriggio|nel pomeriggio": 840,
            "di sera|sera|stasera": 1080,
            "mezzanotte": 1440,
        },
        units={"minuti|minuto|min": 1, "ore|ora|h": 60, "giorni|giorno|gg|g": 1440, "settimane|settimana": 10080},
        spans={"mezz'ora|mezzora|mezza ora": 30, "un'ora|un ora": 60, "un'ora e mezza": 90},
        numbers=_numbers("un|una due tre quattro cinque sei sette otto nove dieci undici dodici"),
        hour="ore|h",
        next_week="la prossima settimana|prossima settimana|la settimana prossima|settimana prossima",
    ),
}
