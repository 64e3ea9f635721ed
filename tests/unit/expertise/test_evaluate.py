from __future__ import annotations

import json

import pytest

from console import expertise
from console.measuring import area

PEOPLE = [
    {"id": 1, "desc": "tents and tarps", "owns": ["tent"]},
    {"id": "two", "desc": "bicycle brakes", "owns": ["brake", "both"]},
    {"id": 3, "desc": "climbing ropes", "owns": ["rope", "both"]},
]
TASK = {
    "name": "small",
    "lang": "en",
    "specialists": PEOPLE,
    "stream": [
        {"text": "my tent leaks", "intent": "tent", "by": 1},
        {"text": "brake squeaks", "intent": "brake", "by": "two"},
    ],
    "test": [{"text": "a tent with a hole", "intent": "tent"}, {"text": "loose brakes", "intent": "brake"}],
    "oos": ["pay my invoice"],
}


def written(tmp_path, task) -> str:
    (tmp_path / "task.json").write_text(json.dumps(task))
    return str(tmp_path / "task.json")


def test_the_report_has_its_shape(tmp_path, capsys) -> None:
    assert expertise.evaluate(written(tmp_path, TASK), seeds=2, points="0,1,50") == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found["points"]) == {"0", "1", "2"}
    assert {"top1", "top3", "mrr", "oos_caught_at_5pct", "auroc_oos"} <= set(found["points"]["0"])
    assert found["points"]["0"]["top1"] == 1.0
    assert set(found["newcomer"]) == {"0", "10", "30"}
    assert {"own", "others_change"} <= set(found["newcomer"]["0"])
    assert set(found) == {"points", "newcomer", "ms_per_decision", "ms_per_learned", "state_bytes_gz", "load_ms"}


def test_without_strangers_none_are_counted(tmp_path, capsys) -> None:
    assert expertise.evaluate(written(tmp_path, TASK | {"oos": []}), points=[0]) == 0
    assert "auroc_oos" not in json.loads(capsys.readouterr().out)["points"]["0"]


@pytest.mark.parametrize(
    ("task", "points", "advice"),
    [
        ({"test": []}, "0", "docs/expertise.md"),
        (TASK | {"specialists": []}, "0", "at least one specialist"),
        (TASK | {"test": []}, "0", "one test question"),
        (TASK | {"specialists": [PEOPLE[0], PEOPLE[0]]}, "0", "same id"),
        (TASK | {"stream": [{"text": "x", "intent": "tent"}]}, "0", "'by' is missing"),
        ([], "0", "docs/expertise.md"),
        (TASK, "0,many", "write numbers"),
        (TASK, "-1", "write numbers"),
    ],
)
def test_what_cannot_be_used_is_answered_with_advice(tmp_path, capsys, task, points, advice) -> None:
    assert expertise.evaluate(written(tmp_path, task), points=points) == 2
    assert advice in capsys.readouterr().err


def test_one_lonely_specialist_can_be_measured(tmp_path, capsys) -> None:
    lonely = TASK | {"specialists": PEOPLE[:1], "stream": TASK["stream"][:1], "test": TASK["test"][:1]}
    assert expertise.evaluate(written(tmp_path, lonely), points="0") == 0
    assert json.loads(capsys.readouterr().out)["points"]["0"]["top1"] == 1.0


PLAIN = [{"id": "a", "desc": None, "owns": ["x"]}, {"id": "b", "owns": ["y"]}]
ODD = {
    "no descriptions": {"specialists": PLAIN, "test": [{"text": "?", "intent": "x"}], "stream": []},
    "nobody owns it": {"test": [{"text": "tent", "intent": "never"}]},
    "everything is owned twice": {"specialists": [{**one, "owns": ["tent", "brake"]} for one in PEOPLE]},
    "empty texts": {
        "test": [{"text": "", "intent": "tent"}, {"text": None, "intent": "brake"}],
        "oos": ["", "\U0001f600"],
    },
    "no language": {"lang": None},
    "a language that nobody writes": {"lang": "tlh"},
    "languages of their own": {"stream": [{"text": "палатка течёт", "intent": "tent", "by": 1, "lang": "ru"}]},
    "Cyrillic": {"test": [{"text": "моя палатка протекает", "intent": "tent"}], "lang": "ru"},
    "Chinese": {"test": [{"text": "我的帐篷漏水", "intent": "tent"}], "lang": "zh"},
    "Arabic": {"test": [{"text": "خيمتي تسرب الماء", "intent": "tent"}], "lang": "ar"},
    "half a character": {"test": [{"text": "\ud800 tent", "intent": "tent"}]},
    "answered by somebody who left": {"stream": [{"text": "my tent", "intent": "tent", "by": "gone"}]},
    "5,000 characters": {"test": [{"text": "tent " * 1000, "intent": "tent"}]},
    "products and skills": {
        "specialists": [
            *PEOPLE,
            {"id": "d", "owns": ["tent"], "skus": ["T-1"], "skills": {"tents": 5}, "languages": ["de"]},
        ],
        "test": [{"text": "?", "intent": "tent", "sku": "T-1", "lang": "de"}],
    },
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_odd_tasks_are_measured_like_others(tmp_path, capsys, odd) -> None:
    assert expertise.evaluate(written(tmp_path, TASK | odd), points="0,1") == 0
    found = json.loads(capsys.readouterr().out)
    assert all(0 <= value <= 1 for point in found["points"].values() for value in point.values())
    assert all(0 <= one.get("own", 0) <= 1 for one in found["newcomer"].values())


def test_who_owns_the_article_is_right_from_the_first_day(tmp_path, capsys) -> None:
    assert expertise.evaluate(written(tmp_path, TASK | ODD["products and skills"]), points="0") == 0
    assert json.loads(capsys.readouterr().out)["points"]["0"]["top1"] == 1.0


def test_a_missing_file_is_named(tmp_path, capsys) -> None:
    assert expertise.evaluate(str(tmp_path / "none.json")) == 2
    assert "none.json" in capsys.readouterr().err


def test_area_counts_ties_half() -> None:
    assert area([0.9, 0.5], [0.5, 0.1]) == pytest.approx(0.875)
