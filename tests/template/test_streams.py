"""The table's stream: who reads it, what they are shown, and what happens when they give up."""

from __future__ import annotations

import json
from typing import Any

import pytest
from template.shapes import of_type, target


@pytest.fixture(scope="module")
def readers(expanded: dict[str, Any]) -> dict[str, Any]:
    found = of_type(expanded, "AWS::Lambda::EventSourceMapping").values()
    return {
        one["FunctionName"]["Ref"]: one
        for one in found
        if one["EventSourceArn"] == {"Fn::GetAtt": ["Table", "StreamArn"]}
    }


def shown(readers: dict[str, Any], record: dict[str, Any]) -> set[str]:
    return {
        name
        for name, one in readers.items()
        if any(_fits(json.loads(f["Pattern"]), record) for f in one["FilterCriteria"]["Filters"])
    }


def _fits(pattern: Any, value: Any) -> bool:
    """Say whether Lambda's filter `pattern` lets `value` pass; only the operators that the template uses."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(_fits(inner, value.get(name)) for name, inner in pattern.items())
    return any(_allows(one, value) for one in pattern)


def _allows(rule: Any, value: Any) -> bool:
    if not isinstance(rule, dict):
        return value == rule
    ((operator, operand),) = rule.items()
    if operator == "exists":
        return (value is not None) is operand
    assert operator == "prefix", f"the test does not know {operator}"
    return isinstance(value, str) and value.startswith(operand)


def record(event: str, pk: str, sk: str, **image: str) -> dict[str, Any]:
    keys = {"pk": {"S": pk}, "sk": {"S": sk}}
    change: dict[str, Any] = {"Keys": keys}
    if event != "REMOVE":
        change["NewImage"] = keys | {name: {"S": value} for name, value in image.items()}
    return {"eventName": event, "dynamodb": change}


OUTBOX, EFFECTS, NOBODY = {"EmailOutFunction"}, {"EffectsFunction"}, set[str]()


@pytest.mark.parametrize(
    ("change", "reader"),
    [
        (record("INSERT", "CONV#a", "OUT#0001", status="pending"), OUTBOX),
        (record("MODIFY", "CONV#a", "OUT#0001", status="pending", resume="2026-05-01T09:30:00.000+00:00"), OUTBOX),
        (record("MODIFY", "CONV#a", "OUT#0001", status="sending", resume="2026-05-01T09:30:00.000+00:00"), OUTBOX),
        (record("MODIFY", "CONV#a", "OUT#0001", status="sent", resolved_by="event"), OUTBOX),
        (record("MODIFY", "CONV#a", "OUT#0001", status="sending"), NOBODY),
        (record("MODIFY", "CONV#a", "OUT#0001", status="pending"), NOBODY),
        (record("MODIFY", "CONV#a", "OUT#0001", status="sent", resolved_by="answer"), NOBODY),
        (record("MODIFY", "CONV#a", "OUT#0001", status="failed", resolved_by="event"), NOBODY),
        (record("REMOVE", "CONV#a", "OUT#0001"), NOBODY),
        (record("INSERT", "CONV#a", "META"), EFFECTS),
        (record("MODIFY", "CONV#a", "META"), EFFECTS),
        (record("MODIFY", "SPEC#anna", "DESK"), EFFECTS),
        (record("INSERT", "LINE#anna", "1#2026#a"), EFFECTS),
        (record("REMOVE", "LINE#anna", "1#2026#a"), NOBODY),
        (record("INSERT", "PUBLISHED#S-1", "a.000002", standing="published"), EFFECTS),
        (record("MODIFY", "PUBLISHED#S-1", "a.000002", standing="taken_back"), EFFECTS),
        (record("REMOVE", "PUBLISHED#S-1", "a.000002"), NOBODY),
        (record("REMOVE", "CONV#a", "META"), NOBODY),
        (record("INSERT", "CONV#a", "MSG#0001"), NOBODY),
        (record("INSERT", "MAIL#<a@b>", "-"), NOBODY),
        (record("INSERT", "SEEN#a", "-"), NOBODY),
        (record("INSERT", "ADDR#a", "2026#a", status="pending"), NOBODY),
    ],
)
def test_each_record_is_shown_to_whom_it_concerns(
    readers: dict[str, Any], change: dict[str, Any], reader: set[str]
) -> None:
    assert shown(readers, change) == reader


def test_no_more_than_two_read(readers: dict[str, Any]) -> None:
    """A third reader of one shard is throttled (DynamoDB Streams)."""
    assert set(readers) == OUTBOX | EFFECTS


def test_one_bad_record_holds_up_nobody_for_ever(readers: dict[str, Any]) -> None:
    for name, one in readers.items():
        assert one["BisectBatchOnFunctionError"] is True, name
        assert one["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name
        assert 0 < one["MaximumRetryAttempts"] <= 10, name
        assert 0 < one["MaximumRecordAgeInSeconds"] <= 3600, name
        assert target(one["DestinationConfig"]["OnFailure"]["Destination"]).endswith("DeadLetters"), name
        assert one["StartingPosition"] == "TRIM_HORIZON", name  # LATEST loses what was written while it was made


def test_a_reader_that_lags_raises_an_alarm(readers: dict[str, Any], expanded: dict[str, Any]) -> None:
    found = of_type(expanded, "AWS::CloudWatch::Alarm").values()
    assert {target(one["Dimensions"][0]["Value"]) for one in found if one["MetricName"] == "IteratorAge"} == set(
        readers
    )
