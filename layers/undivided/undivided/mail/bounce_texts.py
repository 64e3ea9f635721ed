"""Non-delivery notices that only people were meant to read: whether it is one, who was not reached, and if it is final.

Instead of one reader for each of some sixty systems, every address in the notice is a candidate, and what stands around it
says how likely it is the lost one; the returned mail's own recipients break a tie.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from undivided.mail import bounce_words
from undivided.mail.headers import Fields, Person, people, words
from undivided.mail.patterns import Late

_SUBJECT = Late(
    rf"\W{{0,4}}(?:\[[^\]]{{1,40}}\]\s?)?(?:[\w ]{{1,24}}[:\-] ?)?(?:{bounce_words.SUBJECTS})", re.IGNORECASE
)
_STRONG_SUBJECT = Late(
    r"\s*(?:undeliver\w*(?: mail| message)?(?: returned)?\s*:?|undelivered mail returned to sender|mail delivery (?:failed|failure|system)|delivery status notification|delivery failure notification|returned mail|failure notice|unzustellbar:|non remis|"
    r"no se puede entregar|mancato recapito|onbestelbaar|mail system error|delivery failure:|nicht zustellbar:|message undeliverable|nedoručiteln|niedostarczon|не удается доставить|n[ãa]o [ée] poss[íi]vel entregar)",
    re.IGNORECASE,
)
_PHRASE = Late(bounce_words.PHRASES, re.IGNORECASE)
_TRANSIENT = Late(bounce_words.TRANSIENT, re.IGNORECASE)
_FINAL = Late(bounce_words.FINAL, re.IGNORECASE)
_ORIGINAL = Late(rf"(?im)^[\s>|*]{{0,6}}(?:{bounce_words.ORIGINAL})")
_SYSTEM = Late(rf"(?:{bounce_words.SYSTEMS})", re.IGNORECASE)
_DAEMON = re.compile(
    r"mailer[-_. ]?daemon|mail[-_]?daemon|post-?master\b|\bmdaemon|mail delivery|mail administrator|delivery (?:sub)?system|microsoft ?exchange|system administrator|mailadmin|\bmmdf|mail[-_]?bounce|(?<![\w-])bounces?(?:[-+][^@\s]{0,80})?@",
    re.IGNORECASE,
)
_ANSWERED = re.compile(r"\s*(?:re|aw|antw|sv|vs|fwd?|wg|tr|rv)\s?:", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?<![\w.+=/@-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:\[[\d.]{7,15}\]|[\w-]{1,63}(?:\.[\w-]{1,63}){0,8})"
)
_LABEL = Late(
    r"(?:recipients?|rcpt(?: to)?|\bto|user|addressee?|mailbox|account|destination|destinatario|destinataire|destinat[áa]rio|empf[äa]nger|\ban|ontvanger|geadresseerde|mottagare|modtager|mottaker|odbiorca|adresat|p[řr][íi]jemce|получател\w*|адрес\w*|宛先|送信先|アドレス|收件人|받는 사람|수신자|address|for|smtp|deliver(?:ed|y)?(?: to)?)\W{0,4}(?:rfc822;|smtp:|is|was|address)?[\s:;<'\"(\[=]{0,6}$",
    re.IGNORECASE,
)
_NOT_THEM = Late(
    r"^\W*(?:from|sender|reply-to|message-id|received|return-path|von|de|from address|mail from|envelope-from|subject|x-\w|in-reply-to|references|date)\b[^:]{0,20}[:=]|(?:contact|help|assistance|questions|write to|e-?mail us|forward (?:this|it)|by sending|postmaster (?:at)?|abuse|sent by|message from|mail from|from:?)\W{0,6}(?:the |an? |your )?(?:\w+ ){0,3}<?$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:\b(?:deliver|send) (?:your|the|this) (?:message|mail|e-?mail) to|\b(?:message|mail|e-?mail) (?:was|is) addressed(?: to)?|"
    r"\((?:expanded|generated|forwarded|rewritten) from:?)\W{0,4}$",
    re.IGNORECASE,
)
"""The notice says that our mail went to this address: Sendmail and Exim also name the one whose alias failed."""
_REMARK = re.compile(
    r"unknown|not (?:found|exist|known|be delivered|active)|rejected|refused|full|fail|disabled|unavailable|quota|no such|invalid|does not|doesn't|wasn't|could ?n[o']t|5\d\d|nicht|inconnu|unbekannt|存在",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    r"(?:following|below|these|recipient|address|undeliver|fail|nicht zugestellt|folgende|suivant|siguiente|seguent|seguinte|volgende|följande|følgende|seuraav|nastepuj|następując|následuj|следующ|aşağıdaki|次の|以下|下列|다음)[^\n]*$|[:：]\s*$",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"(?:(?:did not|not|n't|unable to|undeliverable|fail\w*|rejected)\b[^\n]{0,60}?\b(?:reach|deliver\w*|to|by|for)?\b[^\n]{0,30}\b(?:the|these|this) following|"
    r"(?:did not reach|(?:not|n't|undeliverable|failed)(?: be(?:en)?)?(?: delivered)? to)\b[^\n]{0,60}(?:recipient|address|user|person|following|group|list)\w*|"
    r"to the following (?:recipient|address|user)\w* (?:could|can|was|were|has|have) ?(?:not|n't))",
    re.IGNORECASE,
)
"""Who was not reached stands below this sentence; above it may stand whom the mail was written to."""
_NAME_ALONE = re.compile(r"[ \t]*[A-Za-z][\w.-]{1,40}[ \t]*")
_VERP = re.compile(r"[\w.]{1,60}[+-]([\w.-]{1,64})=((?:[\w-]{1,63}\.){1,6}[\w-]{2,63})@")
_LISTED = re.compile(r"[>\s\"')]*(?:,|;|&|\b(?:and|und|et|y|e|en|og|och|ja|i|и)\b)[\s<\"'(]*")
_READ = 20_000
_MANY = 200
_LIKELY = 5
"""The score of an address that stands alone in its line; several lost ones all do."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One recipient who was not reached. `permanent` False: the other side is still trying, or a later mail may arrive."""

    address: str
    permanent: bool
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice is judged by. `reported`: the mail calls itself a delivery report by its structure."""

    fields: Fields
    subject: str
    text: str
    original: Fields
    reported: bool


def is_notice(notice: Notice) -> bool:
    """Say whether a mail is a non-delivery notice: by its structure, or by at least two of sender, subject and words."""
    fields, head = notice.fields, " ".join(notice.text[:_READ].split())
    if notice.reported:
        return True
    daemon = _from_daemon(fields)
    said = _PHRASE.search(head) is not None
    if daemon and _ANSWERED.match(notice.subject):
        return said and _SUBJECT.search(notice.subject) is not None
    if daemon:
        return said or _SUBJECT.search(notice.subject) is not None
    if _ANSWERED.match(notice.subject) or not said or not _SUBJECT.match(notice.subject):
        return False
    return (_by_machine(fields) or _STRONG_SUBJECT.match(notice.subject) is not None) and _begins_with_failure(head)


def _by_machine(fields: Fields) -> bool:
    submitted = fields.first("auto-submitted").strip().lower().startswith("auto-")
    bulk = fields.first("precedence").strip().lower() in ("bulk", "junk")
    path = fields.first("return-path")
    return submitted or bulk or bool(re.fullmatch(r"\s*<\s*>\s*", path) or _DAEMON.search(path[:200]))


def _from_daemon(fields: Fields) -> bool:
    return _DAEMON.search(words(fields.first("from") or fields.first("sender"))[:200]) is not None


def _begins_with_failure(head: str) -> bool:
    """People write about lost mail too; a notice says so at once and shows an address."""
    return _PHRASE.search(head[:1500]) is not None and _ADDRESS.search(head) is not None


def is_transient(text: str) -> bool:
    """Say whether the other side is still trying, or only refused for now (status 4, full mailbox)."""
    head = _notice_part(text)
    if _FINAL.search(head) or re.search(r"\b5\.\d{1,2}\.\d{1,2}\b|\b55[0-4]\b", head):
        return False
    return bool(_TRANSIENT.search(head) or re.search(r"\b4\.[2-7]\.\d{1,2}\b|\b4[25]\d[ -]4\.", head))


def failures(notice: Notice) -> list[Failure]:
    """Return who was not reached, best evidence first; none if the notice does not say."""
    permanent = not (is_transient(notice.text) or _TRANSIENT.search(notice.subject))
    head = _notice_part(notice.text)
    found = _best(notice, _below(head)) or _best(notice, head) or _names_alone(notice, head) or _written(notice)
    found = found or _best(notice, notice.text[:_READ]) or _from_subject(notice)
    return [Failure(address, permanent, diagnostic(notice.text, address)) for address in found[:_MANY]]


def _notice_part(text: str) -> str:
    """Return what stands before the mail that came back."""
    head = text[:_READ]
    starts = [found.start() for found in _ORIGINAL.finditer(head) if _ADDRESS.search(head[: found.start()])]
    return head[: starts[0]] if starts else head


def _below(head: str) -> str:
    """Return the notice from the sentence on that announces the lost recipients, all of it if there is none."""
    told = _TOLD.search(head)
    return head[told.start() :] if told and _ADDRESS.search(head[told.start() :]) else head


def _names_alone(notice: Notice, head: str) -> list[str]:
    """Read a system that names its own users without a domain: lines of one word below the announcement."""
    told, sender = _TOLD.search(head), people(notice.fields.first("from"))
    if not told or not sender or not _from_daemon(notice.fields):
        return []
    lines = [line for line in head[told.start() :].split("\n")[1:20] if line.strip()]
    names = [line.strip() for line in takewhile(_NAME_ALONE.fullmatch, lines)]
    return [f"{name}@{sender[0].address.rpartition('@')[2]}" for name in names]


def _best(notice: Notice, head: str) -> list[str]:
    scores = dict[str, int]()
    own = {
        person.address.casefold()
        for name in ("from", "to", "reply-to", "sender")
        for value in notice.fields.get(name, [])
        for person in people(value)
    }
    sent_to = {person.address.casefold() for person in _recipients(notice.original)}
    for address, around in _scored(head):
        key = address.casefold()
        against = 4 * (key in own) + 5 * bool(_SYSTEM.fullmatch(address.rpartition("@")[0]))
        scores[address] = max(scores.get(address, -9), around + 4 * (key in sent_to) - against)
    top = max(scores.values(), default=0)
    if top < 2:  # noqa: PLR2004 - an address that merely occurs is nobody's loss
        return []
    known = [address for address, score in scores.items() if address.casefold() in sent_to and score > _LIKELY]
    return known or [address for address, score in scores.items() if score >= min(top, _LIKELY)]


def _scored(head: str) -> Iterator[tuple[str, int]]:
    """Yield each address with what its surroundings say."""
    previous, count = "", 0
    for line in head.replace("SMTP=", "SMTP: ").split("\n"):  # X.400 writes a foreign address so
        if not line.strip() or len(line) > 2000:  # noqa: PLR2004 - no notice writes such lines
            continue
        end, score = 0, 0
        for found in _ADDRESS.finditer(line):
            count += 1
            if count > _MANY:
                return
            listed = end and _LISTED.fullmatch(line[end : found.start()])
            score = max(_score(line, found, previous), score if listed else 0)
            end = found.end()
            yield found[0].strip(".'`|*{}"), score
        if "@" not in line or _INTRODUCED.search(line.strip()[-200:]):
            previous = line.strip()


def _score(line: str, found: re.Match[str], previous: str) -> int:
    before, after = line[: found.start()], line[found.end() :]
    if _NAMED.search(before[-80:]):
        return _LIKELY + 1
    if _NOT_THEM.search(before[-80:]):
        return 0
    score = 1
    alone = not re.search(r"\w{3,}[^<\"']*$", before.replace("mailto:", "")) and re.match(
        r"[>\])'\"]*\s*(?:[:;(.,]|\.\.\.|$|-|on \d|<|\t|mailto)", after
    )
    score += 4 if alone else 0
    score += 3 if _LABEL.search(before[-60:]) else 0
    score += 2 if _REMARK.search(after[:120]) or _REMARK.search(before[-80:]) else 0
    return score + (1 if _INTRODUCED.search(previous[-200:]) else 0)


def _recipients(original: Fields) -> list[Person]:
    return [
        person for name in ("x-envelope-to", "to", "cc") for value in original.get(name, []) for person in people(value)
    ]


def _written(notice: Notice) -> list[str]:
    """Return the one recipient of the returned mail; of several nobody knows which was lost."""
    original = {person.address for person in _recipients(notice.original)}
    if not original:
        lines = re.findall(r"(?im)^[\s>|]{0,6}to:\s*([^\n]{3,300})", notice.text[:_READ])
        original = {person.address for line in lines[:1] for person in people(line)}
    return sorted(original) if len(original) == 1 else []


def _from_subject(notice: Notice) -> list[str]:
    return _ADDRESS.findall(notice.subject)[:1] or _from_path(notice.fields)


def _from_path(fields: Fields) -> list[str]:
    """Read a variable envelope path (VERP): the lost address stands in the address that the notice was sent to."""
    found = _VERP.search(" ".join(words(fields.first(name)) for name in ("to", "delivered-to", "x-original-to")))
    return [f"{found[1]}@{found[2]}"] if found else []


def diagnostic(text: str, address: str) -> str:
    """Return what the notice says about one address: the rest of its line and the lines right below, 300 characters at most."""
    at = text.casefold().find(address.casefold())
    if at < 0:
        return ""
    rest = text[at + len(address) : at + len(address) + 600].lstrip(">:;\"') \t\n")
    return " ".join(re.split(r"\n\s*\n", rest, maxsplit=1)[0].split())[:300]
