"""Every queue: patience, dead letters, encryption, alarms."""

from __future__ import annotations

from typing import Any

import pytest
from template.shapes import of_type, target

DAY = 86400
CONSUMED = ("QuestionsQueue", "ReceivedQueue", "TimersQueue", "DeliveriesQueue", "WebhookQueue", "LessonsQueue")


@pytest.fixture(scope="module")
def queues(resources: dict[str, Any]) -> dict[str, Any]:
    return of_type(resources, "AWS::SQS::Queue")


@pytest.fixture(scope="module")
def mappings(expanded: dict[str, Any]) -> list[dict[str, Any]]:
    return list(of_type(expanded, "AWS::Lambda::EventSourceMapping").values())


def mapped(mappings: list[dict[str, Any]], queue: str) -> dict[str, Any]:
    (found,) = [one for one in mappings if one["EventSourceArn"] == {"Fn::GetAtt": [queue, "Arn"]}]
    return found


def watching(expanded: dict[str, Any], metric: str) -> dict[str, Any]:
    """Return the alarms on one SQS metric by the queue that they watch."""
    found = of_type(expanded, "AWS::CloudWatch::Alarm").values()
    return {target(one["Dimensions"][0]["Value"]): one for one in found if one["MetricName"] == metric}


def test_there_is_nothing_but_what_is_tested_here(queues: dict[str, Any]) -> None:
    dead = {name for name in queues if name.endswith("DeadLetters")}
    assert set(queues) - dead == set(CONSUMED)
    assert dead == {f"{name.removesuffix('Queue')}DeadLetters" for name in CONSUMED} | {
        "OutboxDeadLetters",
        "EffectsDeadLetters",
    }


@pytest.mark.parametrize("queue", CONSUMED)
def test_visibility_is_at_least_six_times_the_functions_timeout(
    queue: str, queues: dict[str, Any], mappings: list[dict[str, Any]], expanded: dict[str, Any]
) -> None:
    function = expanded[mapped(mappings, queue)["FunctionName"]["Ref"]]["Properties"]
    assert queues[queue]["VisibilityTimeout"] >= 6 * function["Timeout"]


@pytest.mark.parametrize("queue", CONSUMED)
def test_a_batch_fails_in_parts_and_few_run_at_once(queue: str, mappings: list[dict[str, Any]]) -> None:
    mapping = mapped(mappings, queue)
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert 2 <= mapping["ScalingConfig"]["MaximumConcurrency"] <= 5


@pytest.mark.parametrize("queue", CONSUMED)
def test_what_failed_five_times_goes_to_its_own_dead_letters(queue: str, queues: dict[str, Any]) -> None:
    redrive = queues[queue]["RedrivePolicy"]
    assert redrive["maxReceiveCount"] == 5
    assert target(redrive["deadLetterTargetArn"]) == queue.removesuffix("Queue") + "DeadLetters"


def test_dead_letters_outlive_the_queue_they_come_from(queues: dict[str, Any]) -> None:
    """The age of a message counts from when it was first sent, also in the dead-letter queue."""
    for name, queue in queues.items():
        left = 14 * DAY if name.endswith("DeadLetters") else 4 * DAY
        assert queue["MessageRetentionPeriod"] == left, name


def test_every_queue_is_encrypted(queues: dict[str, Any]) -> None:
    assert all(queue["SqsManagedSseEnabled"] is True for queue in queues.values())


def test_every_dead_letter_raises_an_alarm(queues: dict[str, Any], expanded: dict[str, Any]) -> None:
    alarms = watching(expanded, "ApproximateNumberOfMessagesVisible")
    assert set(alarms) == {name for name in queues if name.endswith("DeadLetters")}
    assert all(one["Threshold"] == 0 and one["EvaluationPeriods"] == 1 for one in alarms.values())


def test_every_queue_that_stands_still_raises_an_alarm(expanded: dict[str, Any]) -> None:
    assert set(watching(expanded, "ApproximateAgeOfOldestMessage")) == set(CONSUMED)


def test_what_a_topic_cannot_deliver_is_kept(resources: dict[str, Any]) -> None:
    for name, one in of_type(resources, "AWS::SNS::Subscription").items():
        if one["Protocol"] == "sqs":
            queue = target(one["Endpoint"])
            assert target(one["RedrivePolicy"]["deadLetterTargetArn"]) == queue.removesuffix("Queue") + "DeadLetters", (
                name
            )
            assert one["RawMessageDelivery"] is True
