"""A person's absence notice: that it is one, and until when. Dates without a year mean the next such day after the mail's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from undivided.mail import automatic_words as words_of
from undivided.mail.headers import Fields
from undivided.mail.patterns import Late

_MONTHS = (
    "jan|januar|january|janvier|enero|gennaio|janeiro|januari|januari|tammikuuta|stycznia|ledna|január|января|ianuarie|ocak|ene|gen|janv|jänner|ιανουαρίου|січня",
    "feb|februar|february|février|fevrier|febrero|febbraio|fevereiro|februari|helmikuuta|lutego|února|február|февраля|februarie|şubat|fév|fev|φεβρουαρίου|лютого",
    "marts|mar|märz|maerz|march|mars|marzo|março|marco|maart|maaliskuuta|marca|března|március|марта|martie|mart|mär|mrz|mrt|μαρτίου|березня",
    "apr|april|avril|abril|aprile|huhtikuuta|kwietnia|dubna|április|апреля|aprilie|nisan|avr|abr|απριλίου|квітня",
    "may|mai|mayo|maggio|maio|mei|maj|toukokuuta|maja|května|május|мая|mayıs|mag|μαΐου|травня",
    "jun|juni|june|juin|junio|giugno|junho|kesäkuuta|czerwca|června|június|июня|iunie|haziran|giu|ιουνίου|червня",
    "jul|juli|july|juillet|julio|luglio|julho|heinäkuuta|lipca|července|július|июля|iulie|temmuz|juil|lug|ιουλίου|липня",
    "aug|august|août|aout|agosto|augustus|augusti|elokuuta|sierpnia|srpna|augusztus|августа|ağustos|ago|αυγούστου|серпня",
    "sep|sept|september|septembre|septiembre|settembre|setembro|syyskuuta|września|září|szeptember|сентября|septembrie|eylül|set|σεπτεμβρίου|вересня",
    "oct|okt|oktober|october|octobre|octubre|ottobre|outubro|lokakuuta|października|října|október|октября|octombrie|ekim|ott|out|οκτωβρίου|жовтня",
    "nov|november|novembre|noviembre|novembro|marraskuuta|listopada|listopadu|ноября|noiembrie|kasım|νοεμβρίου|листопада",
    "dec|dez|december|dezember|décembre|decembre|diciembre|dicembre|dezembro|desember|joulukuuta|grudnia|prosince|декабря|decembrie|aralık|déc|dic|des|δεκεμβρίου|грудня",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_DAYS = (
    "monday|montag|lundi|lunes|lunedì|lunedi|maandag|måndag|mandag|segunda", "tuesday|dienstag|mardi|martes|martedì|martedi|dinsdag|tisdag|tirsdag|terça",
    "wednesday|mittwoch|mercredi|miércoles|mercoledì|mercoledi|woensdag|onsdag|quarta", "thursday|donnerstag|jeudi|jueves|giovedì|giovedi|donderdag|torsdag|quinta",
    "friday|freitag|vendredi|viernes|venerdì|venerdi|vrijdag|fredag|sexta", "saturday|samstag|samedi|sábado|sabato|zaterdag|lördag|lørdag",
    "sunday|sonntag|dimanche|domingo|domenica|zondag|söndag|søndag",
)  # fmt: skip
_WEEKDAY = {name: number for number, names in enumerate(_DAYS) for name in names.split("|")}
_DATE = Late(
    rf"(?P<y1>\d{{4}})\s?[-/.年년]\s?(?P<m1>\d{{1,2}})\s?[-/.月월]\s?(?P<d1>\d{{1,2}})"
    rf"|(?P<m2>\d{{1,2}})\s?[月월]\s?(?P<d2>\d{{1,2}})\s?[日일]"
    rf"|(?<!\d)(?P<d3>\d{{1,2}})(?:\.|st|nd|rd|th|er|º|:a|:e|ta)?\s*(?:de |of |d')?\s*(?P<m3>{_NAMES})\b\.?,?\s*(?:de |del |do )?(?P<y3>\d{{4}})?"
    rf"|\b(?P<m4>{_NAMES})\.?\s+(?:the )?(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?!\d),?(?:\s+(?P<y4>\d{{4}}))?"
    rf"|(?<![\d.])(?P<a5>\d{{1,2}})\s?(?P<s5>[./-])\s?(?P<b5>\d{{1,2}})(?:\s?(?P=s5)\s?(?P<y5>\d{{4}}|\d{{2}}))?(?!\d)"
    rf"|\b(?P<w6>{'|'.join(_WEEKDAY)})\b",
    re.IGNORECASE,
)
_RETURN = Late(
    r"(?:\bback\b|return|resum|zur[üu]ck|r[üu]ckkehr|wieder|retour|regres|vuelv|volv|vuelta|incorpor|rientr|ritorn|torner|regress|retorn|volt|terug|weer|tillbaka|åter|tilba[gk]e|pala|takaisin|wr[óo]c|wraca|zp[ěe]t|vr[áa]t|sp[äa][ťt]|"
    r"visszat|[îi]ntorc|revin|вернусь|возвращ|выйду|повернусь|επιστρ|reply|antworten|返回|回来|回來|戻|復帰|출근|복귀)",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?:\buntil|\btill?\b|\bthrough\b|\bthru\b|\bto\b|\bup to|\bbis\b|jusqu|\bau\b|hasta|\bal?\b|fino|at[ée]\b|\btot\b|t/m|\bindtil|\bdo\b|\bdnia|\bпо\b|\bдо\b|p[âa]n[ăa]|μέχρι|έως|vom|[-–—])[^.!?\n]{0,24}$",
    re.IGNORECASE,
)
_UNTIL_AFTER = re.compile(
    r"[\s.]{0,3}(?:まで|까지|asti|saakka|-?ig\b|(?:tarihine )?kadar|迄)|\s*(?:incl|inclusi|inclus|einschl|inkl)",
    re.IGNORECASE,
)
_WHOLE_DAY = re.compile(r"incl|inkl|einschl|through|thru|t/m|tot en met|compris", re.IGNORECASE)
_AWAY = Late(words_of.AWAY, re.IGNORECASE)
_AWAY_SUBJECT = Late(rf"\W{{0,3}}(?:(?:re|aw|antwort|sv|auto)\s?:\s*)?(?:{words_of.AWAY_SUBJECTS})", re.IGNORECASE)
_READ = 2_500


@dataclass(frozen=True, slots=True)
class Absence:
    """Whether a mail is an absence notice, and until when, if it says so.

    `until` is the first day on which the person said to be there again, or else the day until which they are away.
    """

    away: bool
    until: date | None = None


PRESENT = Absence(away=False)


def of(fields: Fields, subject: str, text: str, automatic: str) -> Absence:
    """Read an absence notice; only mail that is `automatic` can be one, and lists, receipts and newsletters cannot."""
    if not automatic or automatic.startswith(("bulk", "report", "calendar", "sender")):
        return PRESENT
    head = text[:_READ]
    if not (_AWAY_SUBJECT.match(subject) or _AWAY.search(head)):
        return PRESENT
    return Absence(away=True, until=_until(f"{head}\n{subject}", _sent(fields)))


def _sent(fields: Fields) -> date | None:
    found = re.search(r"(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{4})", fields.first("date")[:200], re.IGNORECASE)
    return _near(found[3], _MONTH.get(found[2].lower(), 0), int(found[1]), None) if found else None


def _until(text: str, sent: date | None) -> date | None:
    """Return the best of all dates in the text: one of return, else the end of the absence."""
    found = sorted(_ranked(text, sent), key=lambda one: (-one[0], one[1]))
    best = [day for rank, day in found if rank == found[0][0]] if found else []
    return best[-1] if best else None


def _ranked(text: str, sent: date | None) -> Iterator[tuple[int, date]]:
    for match in _DATE.finditer(text):
        before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 24]
        sentence = re.split(r"[.!?](?=\s)|\n", before)[-1]
        until = bool(_UNTIL.search(sentence)) or bool(_UNTIL_AFTER.match(after))
        back = bool(_RETURN.search(sentence) or _RETURN.search(re.split(r"[.!?](?=\s)|\n", after)[0])) and not (
            until and _WHOLE_DAY.search(sentence[-24:] + after)
        )
        day = _day(match, sent) if back or until else None
        if day and (sent is None or sent - timedelta(days=2) <= day <= sent + timedelta(days=800)):
            inclusive = not back and _WHOLE_DAY.search(sentence[-24:] + after)
            yield (2 if back else 1), day + timedelta(days=1 if inclusive else 0)


def _day(match: re.Match[str], sent: date | None) -> date | None:
    part = match.groupdict()
    if name := part["w6"]:
        return _next_weekday(_WEEKDAY[name.lower()], sent)
    month = part["m3"] or part["m4"]
    if month:
        return _near(part["y3"] or part["y4"], _MONTH[month.lower()], int(part["d3"] or part["d4"]), sent)
    if part["d1"] or part["d2"]:
        return _near(part["y1"], int(part["m1"] or part["m2"]), int(part["d1"] or part["d2"]), sent)
    return _numeric(int(part["a5"]), int(part["b5"]), part["s5"], part["y5"], sent)


def _numeric(one: int, other: int, separator: str, year: str | None, sent: date | None) -> date | None:
    """Read 12/08 either way; when both are dates, the nearer one after the mail's day counts."""
    if year is None and separator == "-":
        return None
    readings = [_near(year, other, one, sent)] + ([_near(year, one, other, sent)] if separator == "/" else [])
    possible = [day for day in readings if day and (sent is None or day >= sent)]
    return min(possible, default=None) if sent else (possible[0] if len(set(possible)) == 1 else None)


def _near(year: str | None, month: int, day: int, sent: date | None) -> date | None:
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)  # noqa: PLR2004 - 24 means 2024
        if sent is None:
            return None
        this = date(sent.year, month, day)
        return this if this >= sent - timedelta(days=2) else date(sent.year + 1, month, day)
    except ValueError:
        return None


def _next_weekday(wanted: int, sent: date | None) -> date | None:
    return sent + timedelta(days=(wanted - sent.weekday() - 1) % 7 + 1) if sent else None
