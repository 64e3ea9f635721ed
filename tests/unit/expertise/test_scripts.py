"""Every script is read as its readers read it, and routed from the first day: by words, where no piece knows a letter."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from undivided.expertise.features import features, words
from undivided.expertise.model import Model
from undivided.expertise.ranking import Asked, rank
from undivided.why import said
from unit.expertise.desk import WHEN, person, shop

DESKS = {
    "ru": (
        ("Палатки, тенты и спальные мешки", "Велосипеды: тормоза и батареи", "Альпинистские верёвки и шлемы"),
        ("Моя палатка протекает", "тормоз велосипеда скрипит", "какой длины нужна веревка?"),
    ),
    "el": (
        ("Σκηνές και υπνόσακοι", "Ποδήλατα: φρένα και μπαταρίες", "Σχοινιά αναρρίχησης και κράνη"),
        ("η ΣΚΗΝΉ μου μπάζει νερό", "το φρένο του ποδηλάτου τρίζει", "πόσο μακρύ σχοινί χρειάζομαι;"),
    ),
    "ar": (
        ("الخيمة وكيس النوم ومنع تسرب الماء", "الدراجة: الفرامل والبطارية", "حبل التسلق والخوذة"),
        ("خيمتي تسرب الماء", "فرامل دراجتي لا تعمل", "كم طول الحبل للتسلق؟"),
    ),
    "he": (
        ("אוהלים ושקי שינה", "אופניים: בלמים וסוללות", "חבלי טיפוס וקסדות"),
        ("האוהל שלי דולף", "הבלם באופניים חורק", "איזה חבל טיפוס צריך?"),
    ),
    "hi": (
        ("तंबू और स्लीपिंग बैग", "साइकिल: ब्रेक, गियर और बैटरी", "चढ़ाई की रस्सी और हेलमेट"),
        ("मेरा तंबू टपकता है", "साइकिल का ब्रेक ढीला है", "कितनी लंबी रस्सी चाहिए?"),
    ),
    "bn": (
        ("তাঁবু ও স্লিপিং ব্যাগ", "সাইকেল: ব্রেক, গিয়ার ও ব্যাটারি", "পর্বতারোহণের দড়ি ও হেলমেট"),
        ("আমার তাঁবুতে পানি ঢোকে", "সাইকেলের ব্রেক কাজ করে না", "কত লম্বা দড়ি লাগবে?"),
    ),
    "th": (
        ("เต็นท์และถุงนอน กันน้ำ", "จักรยาน เบรก เกียร์ แบตเตอรี่", "เชือกปีนเขาและหมวกกันน็อก"),
        ("เต็นท์ของฉันรั่ว", "เบรกจักรยานหลวม", "ต้องใช้เชือกยาวเท่าไร"),
    ),
    "ja": (
        ("テントと寝袋、防水", "自転車のブレーキ、変速機、バッテリー", "クライミングロープとヘルメット"),
        ("テントが水漏れします", "自転車のブレーキがゆるい", "ロープの長さはどれくらい必要ですか"),
    ),
    "zh": (
        ("帐篷、睡袋和防水", "自行车：刹车、变速、电池", "攀岩绳、安全带和头盔"),
        ("我的帐篷漏水", "自行车刹车松了", "攀岩绳要多长"),
    ),
    "ko": (
        ("텐트와 침낭, 방수", "자전거 브레이크, 기어, 배터리", "등산 로프와 헬멧"),
        ("텐트에서 물이 새요", "자전거 브레이크가 헐거워요", "로프는 얼마나 길어야 하나요"),
    ),
}
"""Three descriptions, and a question to each, in other forms of the words."""
NAMES = ("tents", "bikes", "ropes")
CASES = [
    pytest.param(language, place, id=f"{language}-{NAMES[place]}") for language in DESKS for place in range(len(NAMES))
]


def desk(language: str):
    people = zip(NAMES, DESKS[language][0], strict=True)
    return shop(*(person(name, about, (language,)) for name, about in people))


@pytest.mark.parametrize(("language", "place"), CASES)
def test_descriptions_route_from_the_first_day_in_any_script(language, place) -> None:
    ranking = rank(Asked(DESKS[language][1][place], language), desk(language), Model.new())
    assert (ranking.scores[0].specialist, ranking.fits) == (NAMES[place], True)
    told = {said(reason, "en") for reason in ranking.why()}
    assert told
    assert not any("before" in one for one in told), "nobody has answered anything yet"


@pytest.mark.parametrize(("language", "place"), CASES)
def test_first_answers_take_nothing_from_whoever_has_none(language, place) -> None:
    """A colleague's first answers must not draw what only the description of another speaks of."""
    model, other = Model.new(), (place + 1) % len(NAMES)
    for _ in range(3):
        model.learn(Asked(DESKS[language][1][other], language), NAMES[other], 1.0, WHEN)
    ranking = rank(Asked(DESKS[language][1][place], language), desk(language), model)
    assert ranking.scores[0].specialist == NAMES[place]


@pytest.mark.parametrize("language", DESKS)
def test_what_nobody_speaks_of_fits_nobody(language) -> None:
    assert rank(Asked("ჩემი პიანინო", language), desk(language), Model.new()).fits is False


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("नमस्ते दुनिया।", ["नमस्ते", "दुनिया"]),
        ("ज़रूरत जरूरत", ["जरूरत", "जरूरत"]),
        ("ภาษาไทย กี่บาท", ["ภาษาไทย", "กี่บาท"]),
        ("ថ្ងៃនេះ។", ["ថ្ងៃនេះ"]),
        ("தமிழ் மொழி", ["தமிழ்", "மொழி"]),
        ("がぎ ﾃﾞﾝﾁ", ["がぎ", "デンチ"]),
        (unicodedata.normalize("NFD", "한국어"), ["한국어"]),
        ("أَهْلًا مـــرحبا", ["اهلا", "مرحبا"]),
        ("کتاب كتاب", ["كتاب", "كتاب"]),
        ("שָׁלוֹם", ["שלום"]),
        ("Ёлка ёлка ЕЛКА", ["елка"] * 3),
        ("ΌΛΟΣ όλος", ["ολοσ"] * 2),
        ("Straße STRASSE naïve Tiếng", ["strasse", "strasse", "naive", "tieng"]),
    ],
)
def test_words_are_whole_and_of_one_spelling(text, found) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("one", "other"), [("がき", "かぎ"), ("ข้าว", "ขาว"), ("की", "के"), ("가", "까"), ("パン", "バン")]
)
def test_marks_that_make_another_word_are_kept(one, other) -> None:
    assert words(one) != words(other)
    assert set(features(one)).isdisjoint(features(other)) or len(one) > 1


@given(st.text(st.characters(max_codepoint=0x24F, exclude_characters="\u00b5")))
def test_latin_letters_are_counted_as_they_always_were(text) -> None:
    """What shops have learned is stored as these hashes: another way of counting Latin words would lose it."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    assert words(text) == re.findall(r"\w+", "".join(one for one in plain if not unicodedata.combining(one)))


def test_the_hashes_of_latin_words_are_known() -> None:
    found = features("Luftmatratze für Zelte, łódź; İzmir's 3rd çadır", "sku:7")
    assert (len(found), found[:4]) == (24, [1532611789, 3853166011, 1599664931, 1325273891])
