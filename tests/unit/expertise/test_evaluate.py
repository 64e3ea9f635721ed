from __future__ import annotations

import gzip
import io
import json
from datetime import timedelta

import pytest
from undivided.expertise.model import Model
from undivided.expertise.ranking import Asked, rank
from unit.expertise.desk import WHEN

from console import expertise, taskfile
from console.measuring import area, measure, run, watched

MINUTE = timedelta(minutes=10)

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
        (TASK | {"stream": [{"text": "x", "intent": "tent"}]}, "0", '"stream[0].by" is missing'),
        (TASK | {"stream": [*TASK["stream"], {"text": "x", "intent": "tent", "by": None}]}, "0", '"stream[2].by"'),
        (TASK | {"stream": None}, "0", '"stream" is missing'),
        (TASK | {"test": {"text": "x"}}, "0", '"test" must be a list'),
        (TASK | {"test": ["x"]}, "0", '"test[0]" must be an object'),
        (TASK | {"test": [{"intent": "tent"}]}, "0", '"test[0].text" is missing'),
        (TASK | {"test": [{"text": "x", "intent": ["tent"]}]}, "0", '"test[0].intent" must be text'),
        (TASK | {"specialists": {"ann": {}}}, "0", '"specialists" must be a list'),
        (TASK | {"specialists": [{"id": "a", "owns": "tent"}]}, "0", '"specialists[0].owns" must be a list'),
        (TASK | {"specialists": [{"id": None, "owns": []}]}, "0", '"specialists[0].id" is missing'),
        (TASK | {"specialists": [{**PEOPLE[0], "skus": "T-1"}]}, "0", '"specialists[0].skus" must be a list'),
        (TASK | {"specialists": [{**PEOPLE[0], "languages": "en"}]}, "0", '.languages" must be a list'),
        (TASK | {"specialists": [{**PEOPLE[0], "desc": ["tents"]}]}, "0", '"specialists[0].desc" must be text'),
        (TASK | {"specialists": [{**PEOPLE[0], "skills": {"t": 10**400}}]}, "0", '.skills.t" must be a level from 1'),
        (TASK | {"oos": "weather"}, "0", '"oos" must be a list'),
        (TASK | {"lang": ["en"]}, "0", '"lang" must be text'),
        ([], "0", "docs/expertise.md"),
        (TASK, "0,many", "write numbers"),
        (TASK, "-1", "write numbers"),
    ],
)
def test_what_cannot_be_used_is_answered_with_advice(tmp_path, capsys, task, points, advice) -> None:
    assert expertise.evaluate(written(tmp_path, task), points=points) == 2
    assert advice in capsys.readouterr().err


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"", "no JSON"),
        (b"hello", "line 1, column 1"),
        (json.dumps(TASK).encode()[:-9], "no JSON"),
        (json.dumps(TASK).encode("utf-16"), "save it as UTF-8"),
        (b"\x1f\x8bno gzip", "save it as UTF-8"),
        (b"[" * 100_000, "nested too deep"),
        (b"\n".join(json.dumps(one).encode() for one in TASK["stream"]), "one object"),
    ],
)
def test_what_is_no_task_file_is_told_with_its_name(tmp_path, capsys, data, advice) -> None:
    (tmp_path / "task.json").write_bytes(data)
    assert expertise.evaluate(tmp_path / "task.json") == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "task.json" in printed.err
    assert advice in printed.err
    assert len(printed.err.splitlines()) == 1


PLAINLY = json.dumps(TASK).encode()
DRESSED = {
    "as it is": PLAINLY,
    "byte order mark": b"\xef\xbb\xbf" + PLAINLY,
    "lines of Windows": json.dumps(TASK, indent=1).replace("\n", "\r\n").encode(),
    "gzipped": gzip.compress(PLAINLY),
}


@pytest.mark.parametrize("piped", [False, True])
@pytest.mark.parametrize("data", DRESSED.values(), ids=DRESSED.keys())
def test_a_file_is_read_however_it_is_dressed(tmp_path, capsys, monkeypatch, data, piped) -> None:
    (tmp_path / "task.json").write_bytes(data)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert expertise.evaluate("-" if piped else tmp_path / "task.json", points="0") == 0
    assert json.loads(capsys.readouterr().out)["points"]["0"]["top1"] == 1.0


SAME = {
    "a country": {"lang": "pt-BR", "specialists": [{**one, "languages": ["pt_PT"]} for one in PEOPLE]},
    "capitals": {"lang": "EN", "specialists": [{**one, "languages": ["en"]} for one in PEOPLE]},
    "skills without levels": {"specialists": [{**one, "skills": ["repair"]} for one in PEOPLE]},
    "strangers as objects": {"oos": [{"text": "pay my invoice", "intent": "money"}]},
    "no name, no language": {"name": None, "lang": None},
    "somebody is called nobody": {
        "specialists": [{**one, "id": {"two": "nobody"}.get(one["id"], one["id"])} for one in PEOPLE],
        "stream": [],
    },
}


@pytest.mark.parametrize("odd", SAME.values(), ids=SAME.keys())
def test_how_it_is_written_changes_no_ranking(tmp_path, capsys, odd) -> None:
    stream = odd.get("stream", TASK["stream"])
    found = []
    for task in (TASK | {"stream": stream}, TASK | odd):
        assert expertise.evaluate(written(tmp_path, task), points="0,2") == 0
        found.append(json.loads(capsys.readouterr().out)["points"])
    assert found[0] == found[1]


def test_whoever_waits_is_told_how_far_it_is(monkeypatch, capsys) -> None:
    clock = iter(range(0, 100, 3))
    monkeypatch.setattr("console.measuring.monotonic", lambda: next(clock))
    assert list(watched(range(5), "learning")) == [0, 1, 2, 3, 4]
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == ["learning: 1 of 5", "learning: 3 of 5"]


def test_only_fits_that_a_point_still_knows_are_asked_for() -> None:
    """Thousands of questions between two points are learned without being ranked, and nothing else comes of it."""
    data = TASK | {"stream": TASK["stream"] * 400}
    task = taskfile.task_of(data)
    model = Model.new()
    for place, past in enumerate(task.stream):
        asked = task.asked(past)
        model.learn(asked, past.by, 1.0, WHEN + place * MINUTE, fit=rank(asked, task.shop, model).fit)
    assert run(task, task.stream, [10, 800]).points["800"] == measure(task, model)


def test_a_newcomer_is_somebody_whose_field_is_asked_about(tmp_path, capsys) -> None:
    many = [{"id": f"s{n}", "desc": f"field {n}", "owns": [f"i{n}"]} for n in range(50)]
    task = TASK | {"specialists": [*many, PEOPLE[0]], "stream": []}
    assert expertise.evaluate(written(tmp_path, task), points="0") == 0
    assert json.loads(capsys.readouterr().out)["newcomer"]["0"]["own"] == 1.0


def test_a_stranger_is_asked_in_their_own_language() -> None:
    found = taskfile.task_of(TASK | {"oos": ["hi", {"text": "Zelt", "lang": "de-AT", "brand": "Velo"}]})
    assert [found.asked(one) for one in found.oos] == [Asked("hi", "en"), Asked("Zelt", "de", brand="Velo")]


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
