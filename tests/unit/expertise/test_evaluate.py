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
    assert {"ms_per_decision", "ms_per_learned", "state_bytes_gz", "load_ms"} <= set(found)


def test_without_strangers_none_are_counted(tmp_path, capsys) -> None:
    assert expertise.evaluate(written(tmp_path, TASK | {"oos": []}), points=[0]) == 0
    assert "auroc_oos" not in json.loads(capsys.readouterr().out)["points"]["0"]


@pytest.mark.parametrize(
    ("task", "points", "advice"),
    [
        ({"test": []}, "0", "docs/expertise.md"),
        (TASK | {"specialists": []}, "0", "at least one specialist"),
        (TASK | {"test": []}, "0", "one test question"),
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


def test_a_missing_file_is_named(tmp_path, capsys) -> None:
    assert expertise.evaluate(str(tmp_path / "none.json")) == 2
    assert "none.json" in capsys.readouterr().err


def test_area_counts_ties_half() -> None:
    assert area([0.9, 0.5], [0.5, 0.1]) == pytest.approx(0.875)
