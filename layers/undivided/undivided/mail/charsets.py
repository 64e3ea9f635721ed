"""Bytes of unknown honesty to text: the declared charset is a hint, never a reason to fail.

Sources: the WHATWG encoding labels (Latin-1 means Windows-1252, GB2312 means GB18030, …), because that is what mail
programs really send; names seen in mail that no registry knows are in `_ALIASES`.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

_ALIASES = {
    "ansi": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252", "ansi_x3.4-1968": "cp1252", "iso-8859-1": "cp1252",
    "latin-1": "cp1252", "latin1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "8859_1": "cp1252",
    "default": "cp1252", "x-ansi": "cp1252", "windows-1252http-equivcontent-type": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-8-i": "cp1255", "iso-8859-8-e": "cp1255", "iso-8859-8": "cp1255",
    "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874", "x-windows-874": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "hz-gb-2312": "hz",
    "chinese": "gb18030", "euc-cn": "gb18030", "cp936": "gb18030", "big5": "cp950", "x-x-big5": "cp950", "big5-eten": "cp950",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949", "korean": "cp949", "ksc5601": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "ms_kanji": "cp932",
    "iso-2022-jp": "iso2022_jp_ext", "cp50220": "iso2022_jp_ext", "cp50221": "iso2022_jp_ext", "x-euc-jp": "euc_jp",
    "unicode-1-1-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8", "utf8": "utf-8", "utf-8mb4": "utf-8", "utf8mb4": "utf-8",
    "unicode": "utf-16", "x-mac-roman": "mac-roman", "macintosh": "mac-roman", "x-mac-cyrillic": "mac-cyrillic",
    "x-cp1250": "cp1250", "x-cp1251": "cp1251", "x-cp1252": "cp1252", "koi8": "koi8-r", "x-koi8-r": "koi8-r",
    "x-viet-vni": "cp1258", "viscii": "cp1258",
}  # fmt: skip
_REFUSED = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "utf-16", "utf-32"}
)
"""Codecs that are no charsets or take quadratic time; UTF-16 and UTF-32 are handled apart, by what the bytes look like."""
_SHIFTED = {b"\x1b$": "iso2022_jp_ext", b"\x1b(J": "iso2022_jp_ext", b"\x1b$)C": "iso2022_kr"}
_HIGH = 0x80
_WESTERN = frozenset({"cp1252", "iso8859-15", "iso8859-1"})


def decode(data: bytes, declared: str = "") -> str:
    """Return `data` as text; never raises. A charset that cannot be right gives way to one that can."""
    data = data.removeprefix(codecs.BOM_UTF8)
    if wide := _wide(data, declared):
        return data.decode(wide, "replace").removeprefix("\ufeff")
    codec = codec_of(declared)
    if data.isascii() and (not codec or codec in _WESTERN or codec == "utf-8") and b"\x1b" not in data:
        return data.decode("ascii")
    text = _strict(data, codec) or _guess(data, codec)
    return _paired(text) if codec == "utf-7" else text


def _paired(text: str) -> str:
    """Replace halves of surrogate pairs, which UTF-7 can write alone: neither UTF-8 nor JSON nor any store takes them."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@lru_cache(maxsize=256)
def codec_of(declared: str) -> str:
    """Name Python's codec for a charset as mail declares it; "" if there is none."""
    name = declared.strip().strip("\"'<>=;").strip().lower().partition("*")[0].replace(" ", "-")
    name = _ALIASES.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        shortened = re.sub(r"^(?:x-)?(?:cp|windows|win|ibm|ms)[-_]?(\d{3,4})\D*$", r"cp\1", name)
        return codec_of(shortened) if shortened != name else ""
    known = getattr(info, "_is_text_encoding", True) and info.name.replace("_", "-") not in {
        r.replace("_", "-") for r in _REFUSED
    }
    return info.name if known else ""


def _wide(data: bytes, declared: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if not re.search(r"utf-?(16|32)|unicode$", declared.lower()) or b"\x00" not in data[:64]:
        return ""
    if "32" in declared:
        return "utf-32-be" if data[:1] == b"\x00" else "utf-32-le"
    return "utf-16-be" if data[:1] == b"\x00" else "utf-16-le"


def _strict(data: bytes, codec: str) -> str:
    """Decode without any doubt, or return "": valid UTF-8 beats a Western charset, which accepts anything."""
    for candidate in ("utf-8", codec) if codec in _WESTERN or not codec else (codec, "utf-8"):
        if not candidate or (candidate in _WESTERN and b"\x1b$" in data):
            continue
        try:
            return data.decode(candidate)
        except (UnicodeError, ValueError):
            continue
    return ""


def _guess(data: bytes, codec: str) -> str:
    for mark, shifted in _SHIFTED.items():
        if mark in data[:4096]:
            return data.decode(shifted, "replace")
    if codec in ("", "utf-8"):
        lenient = data.decode("utf-8", "replace")
        broken = lenient.count("\ufffd")
        whole = sum(1 for c in lenient[:200_000] if c > "\x7f") - broken
        return lenient if whole > broken else data.decode(_likely(data), "replace")
    return data.decode(codec, "replace")


def _likely(data: bytes) -> str:
    """Guess the charset of text that declares none and is not UTF-8, by how the letters fall; Western if in doubt."""
    sample = data[:20_000]
    high = sum(1 for b in sample if b >= _HIGH)
    letters = high + sum(1 for b in sample if chr(b).isalpha() and b < _HIGH)
    if high * 3 < letters or high < 4:  # noqa: PLR2004 - accents are rare in Western text; other scripts are mostly high bytes
        return "cp1252"
    best = max(_CANDIDATES, key=lambda codec: _plausible(sample, codec))
    return best if _plausible(sample, best) > 0.7 else "cp1252"  # noqa: PLR2004 - most of the letters must fit the script


_CANDIDATES = {
    "cp932": r"[\u3040-\u30ff]", "euc_jp": r"[\u3040-\u30ff]", "cp949": r"[\uac00-\ud7a3]", "gb18030": r"[\u4e00-\u9fa5，。！？]",
    "cp950": r"[\u4e00-\u9fa5，。！？]", "cp1251": r"[а-яё]", "koi8-r": r"[а-яё]", "cp1253": r"[α-ωά-ώ]", "cp1255": r"[\u05d0-\u05ea]",
    "cp1256": r"[\u0621-\u064a]", "cp874": r"[\u0e01-\u0e5b]",
}  # fmt: skip


def _plausible(sample: bytes, codec: str) -> float:
    text = sample.decode(codec, "replace")
    strange = [c for c in text if c > "\x7f"]
    return len(re.findall(_CANDIDATES[codec], text)) / len(strange) if strange else 0.0
