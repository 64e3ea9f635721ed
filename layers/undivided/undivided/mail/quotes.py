"""What is new in a mail and what was said before: history is found (`history`), then quotes and signatures are cut.

The stance: a quote too many does no harm, a word too few does. Whatever is doubtful stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from undivided.mail import attributions, history, signature
from undivided.mail.history import Body
from undivided.mail.lines import Line
from undivided.mail.mending import mended
from undivided.mail.patterns import Late

MAX_LINES = 20_000
"""Lines that are parted; people write fewer."""
_INLINE = Late(rf"(?<!\w)(?:{attributions.INLINE})(?!\w)", re.IGNORECASE)
_READ = 4_000
"""Characters of the new words in which somebody may say that they answered further below."""


@dataclass(frozen=True, slots=True)
class Split:
    """A body taken apart. The three lists together are all its lines."""

    kept: list[Line]
    quoted: list[Line]
    signature: list[Line]
    forward: bool
    rule: str
    """Which rule decided, in words."""


def split(lines: list[Line], subject: str = "") -> Split:
    """Part the new words from quotes and signatures; when nothing would be left, everything is kept."""
    if len(lines) > MAX_LINES:
        return _long(lines, subject)
    lines = mended(lines)
    body = history.find(lines, subject)
    if body.forward or _answered_inside(body):
        return Split(lines, [], [], forward=body.forward, rule=body.rule)
    kept, quoted = _choose(body)
    ends = _signatures(lines, kept) & kept
    new = _closed_up(lines, sorted(kept - ends))
    if not any(lines[i].text.strip() for i in new):
        return Split(lines, [], [], forward=False, rule="nothing would be left: everything kept")
    taken = [lines[i] for i in sorted(ends)]
    return Split(
        [lines[i] for i in new], [lines[i] for i in sorted(quoted)], taken, forward=False, rule=body.rule or "no quote"
    )


def _closed_up(lines: list[Line], numbers: list[int]) -> list[int]:
    """Leave only one blank line where something was cut out of the middle."""
    out = list[int]()
    for number in numbers:
        cut = bool(out) and number != out[-1] + 1
        if not (cut and lines[number].blank and lines[out[-1]].blank):
            out.append(number)
    return out


def _long(lines: list[Line], subject: str) -> Split:
    """Part the first `MAX_LINES` lines; the rest follows the last of them."""
    head, tail = split(lines[:MAX_LINES], subject), lines[MAX_LINES:]
    if head.quoted and head.quoted[-1] is lines[MAX_LINES - 1]:
        return Split(head.kept, head.quoted + tail, head.signature, forward=head.forward, rule=head.rule)
    return Split(head.kept + tail, head.quoted, head.signature, forward=head.forward, rule=head.rule)


def _answered_inside(body: Body) -> bool:
    """Say whether answers stand in a history without quote marks, as whoever wrote them says above it: nobody can part them."""
    lines, at = body.lines, body.history
    if at == len(lines) or any(line.depth for line in lines[at:]) or body.rule == "reply above this line":
        return False
    said = " ".join(line.text for line in lines[:at] if not line.depth)[:_READ]
    if not _INLINE.search(said):
        return False
    body.rule = "answers inside the history: everything kept"
    return True


def _choose(body: Body) -> tuple[set[int], set[int]]:
    """Return the line numbers to keep and to cut: quotes go, unless answers stand between them."""
    lines, introduced = body.lines, body.introduced
    texts = [i for i in range(body.history) if lines[i].depth == 0 and i not in introduced and not lines[i].blank]
    quotes = [i for i in range(body.history) if (lines[i].depth or i in introduced) and not lines[i].blank]
    if not quotes:
        return set(range(body.history)), set(range(body.history, len(lines)))
    ends = _signatures(lines, set(texts))
    said = [i for i in texts if i not in ends]
    around = not introduced and said and said[0] < quotes[0] and quotes[-1] < said[-1]
    if around or any(quotes[0] < i < quotes[-1] for i in said):
        body.rule = "answers between quotes"
        kept = set(range(said[-1] + 1)) | (set(texts) & ends)
        return kept, set(range(len(lines))) - kept
    body.rule = body.rule or "quote marks"
    kept = {i for i in range(body.history) if lines[i].depth == 0 and i not in introduced}
    return kept, set(range(len(lines))) - kept


def _signatures(lines: list[Line], kept: set[int]) -> set[int]:
    """Return the numbers of signature lines: at the end of each run of kept lines that a quote or the end follows."""
    found, run = set[int](), list[int]()
    for at in range(len(lines) + 1):
        if at < len(lines) and (at in kept or (lines[at].blank and run)):
            run.append(at)
            continue
        if run:
            found |= signature.of([lines[i] for i in run], run)
            run = []
    return found
