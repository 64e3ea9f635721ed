"""What absence notices and acknowledgements say, when no header tells that a program wrote them.

A subject or a sentence alone is a weak sign: a subject that only programs write, or enough signs together, decide.
"""

from __future__ import annotations

import re

from undivided.mail import automatic_words as words_of
from undivided.mail.headers import Fields
from undivided.mail.new_words import Said
from undivided.mail.patterns import Late

_SUBJECT = Late(
    rf"\W{{0,3}}(?P<again>(?:re|aw|antwort|sv|odp|r|rif)\s?:\s*)?\W{{0,2}}(?:{words_of.AUTOMATIC_SUBJECTS})"
    r"(?:\s*(?:$|[^\w\s]|(?:re|aw|auf|from|to|von|de|by)\b)|(?<=[^\x00-\u024f]))",
    re.IGNORECASE,
)
_BRACKETED = Late(
    rf"[\[(【](?:{words_of.AUTOMATIC_SUBJECTS}|{words_of.AWAY_SUBJECTS})[\])】]",
    re.IGNORECASE,
)
_AWAY_SUBJECT = Late(rf"\W{{0,3}}(?:{words_of.AWAY_SUBJECTS})", re.IGNORECASE)
_AWAY_LABEL = Late(rf"\W{{0,3}}(?:{words_of.AWAY_SUBJECTS})\s*(?:[:：]|\bre\b|\baw\b|[-–|] )", re.IGNORECASE)
_SOMEBODY_AWAY = re.compile(
    r".{2,70}\b(?:is|ist|est|est[áa]|[èe]|är|er|on) (?:out of (?:the )?office|au(?:ß|ss)er haus|nicht im b[üu]ro|absent|away|on (?:vacation|leave|holiday)|ausente|assente|afwezig|abwesend|im urlaub)",
    re.IGNORECASE,
)
_QUOTED_AGAIN = re.compile(r"\s*(?:re|aw|antw|sv|vs|ref|fwd?|wg|tr|回复|答复)\s?:", re.IGNORECASE)
_STATEMENT = Late(
    rf"(?:^|[.!?:;*\[(\n\-–—。「【])[\s*_\-\[(\"'>]{{0,6}}(?:(?:please note(?: that)?|note|hello|hi|hinweis|attention|important)\W{{1,3}})?(?:{words_of.STATEMENTS})",
    re.IGNORECASE,
)
_CLASSES = tuple(
    Late(part, re.IGNORECASE) for part in (words_of.AWAY, words_of.RETURN, words_of.INSTEAD, words_of.THANKS)
)
_SOON = Late(words_of.SOON, re.IGNORECASE)
_RECEIVED = Late(words_of.RECEIVED, re.IGNORECASE)
_PERSONAL = Late(rf"\b(?:{words_of.PERSONAL})\b", re.IGNORECASE)
_FORMAL = Late(words_of.FORMAL, re.IGNORECASE)
_LATER = Late(rf"\b(?:{words_of.LATER})\b", re.IGNORECASE)
_NAMED_SO = re.compile(
    r"(?!(?:an?|my|no|our|that|the|this|your) )(?:[\w'’.&-]+ ){1,3}auto-?(?:reply|responder|response)\s*", re.IGNORECASE
)
_IN_MARKS = re.compile(r"\"[^\"\n]{0,200}\"|[„“][^”“\n]{0,200}[”“]|«[^»\n]{0,200}»")
_SENTENCE = re.compile(r"(?<=[.!。])\s*")
_GREETING = 3
"""Words of a sentence that says nothing: "Dear Ms Berg", "Kind regards"."""
_SHORT = 2_500
_READ = 4_000
"""Characters of the new words in which signs are looked for."""


def by_subject(subject: str, text: str) -> str:
    """A subject that only programs write decides; an absence in the subject needs one in the words too."""
    head = text[:_READ]
    found = _SUBJECT.match(subject[:400])
    if (found and (not found["again"] or _says_so(head))) or _BRACKETED.search(subject[:400]):
        return f"subject: {subject[:60]}"
    if _NAMED_SO.fullmatch(subject[:200]) and (_CLASSES[3].search(head) or _RECEIVED.search(head)):
        return f"subject and words: {subject[:60]}"
    if _QUOTED_AGAIN.match(subject) or _asks(head) or len(head) > _SHORT:
        return ""
    away = bool(_AWAY_SUBJECT.match(subject) or _SOMEBODY_AWAY.match(subject[:200]))
    if _AWAY_LABEL.match(subject) or (away and any(one.search(head) for one in _CLASSES[:2])):
        return f"subject and words: {subject[:60]}"
    return ""


def _asks(head: str) -> bool:
    """Say whether there is a question, other than in the subject that a notice names in quotation marks."""
    return "?" in _IN_MARKS.sub("", head) or "？" in head


def _says_so(head: str) -> bool:
    return bool(_CLASSES[0].search(head) or _STATEMENT.search(head))


def by_words(fields: Fields, subject: str, said: Said) -> str:
    """Enough of what only absence notices and acknowledgements say together, in a mail that asks and quotes nothing."""
    head = said.reply_text[:_READ]
    if said.quoted or len(head) > _SHORT:
        return ""
    if found := _STATEMENT.search(head):
        sentence = re.split(r"[.!\n]", head[found.start() + 1 :], maxsplit=1)[0]
        if "?" not in sentence:
            return f"words: {' '.join(found[0].split())[:60]}"
    return "" if _asks(head) else _by_phrases(fields, subject, head)


def _by_phrases(fields: Fields, subject: str, head: str) -> str:
    away, back, instead, thanks = (bool(one.search(head)) for one in _CLASSES)
    if away and back and instead and (thanks or "in-reply-to" in fields or _QUOTED_AGAIN.match(subject)):
        return "words: an absence notice"
    if away and thanks and (back or instead) and not _PERSONAL.search(head):
        return "words: an absence notice"
    formal = _FORMAL.search(head) and (back or instead or thanks or _LATER.search(head))
    if formal and not _PERSONAL.search(head) and _says_nothing_else(head):
        return "words: an absence notice"
    received = len({found.lower() for found in _RECEIVED.findall(head)})
    if received > 1 or (received and (thanks or _SOON.search(head)) and not _PERSONAL.search(head)):
        return "words: an acknowledgement"
    return ""


def _says_nothing_else(head: str) -> bool:
    """Say whether every sentence is one of an absence notice; names and telephone numbers below end with no full stop."""
    for paragraph in re.split(r"\n\s*\n", head):
        sentences = [one for one in _SENTENCE.split(" ".join(paragraph.split())) if len(one.split()) > _GREETING]
        signed = [any(kind.search(one) for kind in (*_CLASSES, _FORMAL)) for one in sentences]
        if any(signed) != all(signed) or (sentences and not any(signed) and re.search(r"[.!。]\s*$", paragraph)):
            return False
    return True
