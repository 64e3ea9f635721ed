"""The files that go out with a mail: which fit, which are shown in the HTML, which are held back, which go by link."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from undivided.mail.masking import Mask
from undivided.mail.wire import Part, clean, file_part
from undivided.message import File, Message

MOST_BYTES = 6 * 1024 * 1024
"""SES v1 takes 10 MB encoded; 6 MB of files are 8.2 MB in base64, which leaves room for words."""
_RUNS = (
    "ade adp apk app appx application bat cab chm cmd com cpl dll dmg exe gadget hta htm html img inf ins iso isp jar js jse lib lnk "
    "mde msc msi msix msp mst nsh osx pif ps1 psm1 reg scf scr sct sh shb svg sys vb vbe vbs vhd vxd wsc wsf wsh xhtml xll xlam "
    "docm dotm xlsm xltm pptm potm"
)
DANGEROUS = frozenset(_RUNS.split())
"""Endings of files that run, or that show a page which runs: mail programs refuse most of them anyway."""


@dataclass(frozen=True, slots=True)
class Enclosures:
    """The parts to write, and the names to tell of."""

    inline: tuple[Part, ...] = ()
    attached: tuple[Part, ...] = ()
    held_back: tuple[str, ...] = ()
    linked: tuple[tuple[str, str], ...] = ()
    """What is too large: name and size, for example `film.mov (12.4 MB)`, and where to download it."""
    until: str = ""
    """When those links end, in words."""


def enclosed(
    messages: Iterable[Message],
    html: str,
    fetch: Callable[[str, int], bytes],
    mask: Mask,
    link: Callable[[Message, File], str],
) -> Enclosures:
    """Fetch the files of `messages`; those that `html` shows by `cid:` go inside, what has no room gets a `link`."""
    inline: list[Part] = []
    attached: list[Part] = []
    held_back, linked, room = list[str](), list[tuple[str, str]](), MOST_BYTES
    for message, file in ((one, file) for one in messages for file in one.files):
        name = clean(mask(file.name)) or "file"
        if dangerous(file):
            held_back.append(name)
        elif file.size > room:
            linked.append((f"{name} ({file.size / 1024 / 1024:.1f} MB)", link(message, file)))
        else:
            content = fetch(message.raw, file.part)
            room -= max(file.size, len(content))
            shown = bool(file.content_id) and f"cid:{file.content_id}" in html
            part = file_part(name, file.content_type, content, file.content_id if shown else "")
            (inline if shown else attached).append(part)
    return Enclosures(tuple(inline), tuple(attached), tuple(held_back), tuple(linked))


def dangerous(file: File) -> bool:
    """Say whether a file could run when it is opened; all of its endings count, spaces and dots behind it do not."""
    endings = file.name.lower().rstrip(". \u00a0").split(".")[1:]
    return any(ending.strip() in DANGEROUS for ending in endings[-2:]) or "script" in file.content_type.lower()
