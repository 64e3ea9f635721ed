"""Records one by one, each with its own success or failure, and one line of log for what became of it.

Fifteen lines of our own, because Powertools' batch utility alone costs a third of what boto3 does at a cold start: it
imports the data classes of every event source (docs/decisions/0010).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.logging import Logger

from undivided.errors import Fault, Retryable

logger = Logger()
Record = Mapping[str, Any]


def each_message(event: Mapping[str, Any], handle: Callable[[str], str]) -> dict[str, Any]:
    """Handle each SQS message's body; `handle` returns what became of it. Failures alone come back, whole."""
    return _partially(event, lambda record: str(record["messageId"]), lambda record: handle(record["body"]))


def each_attempt(
    event: Mapping[str, Any], handle: Callable[[str], str], put_off: Callable[[str, int], None]
) -> dict[str, Any]:
    """Handle each SQS message's body; one that failed is put off, by its receipt and the number of attempts."""

    def one(record: Record) -> str:
        try:
            return handle(record["body"])
        except Retryable:
            _put_off(record, put_off)
            raise

    return _partially(event, lambda record: str(record["messageId"]), one)


def _put_off(record: Record, put_off: Callable[[str, int], None]) -> None:
    """What cannot be put off comes again in any case, when the queue shows it again."""
    try:
        put_off(record["receiptHandle"], int(record["attributes"]["ApproximateReceiveCount"]))
    except Fault as why:
        logger.warning("not put off", extra={"record": record["messageId"], "why": f"{type(why).__name__}: {why}"})


def each_record(event: Mapping[str, Any], handle: Callable[[Record], str]) -> dict[str, Any]:
    """Handle each record of the table's stream; Lambda starts again at the first that failed."""
    return _partially(event, lambda record: str(record["dynamodb"]["SequenceNumber"]), handle)


def whole_batch(event: Mapping[str, Any], handle: Callable[[list[str]], str]) -> dict[str, Any]:
    """Handle the bodies of a FIFO queue's batch together: all of it is done, or all of it comes again, in order."""
    bodies = [record["body"] for record in event["Records"]]
    together: Record = {"Records": event["Records"]}
    done = _handled(f"{len(bodies)} together", together, lambda _: handle(bodies))
    return {"batchItemFailures": [] if done else [{"itemIdentifier": one["messageId"]} for one in event["Records"]]}


def _partially(
    event: Mapping[str, Any], name: Callable[[Record], str], handle: Callable[[Record], str]
) -> dict[str, Any]:
    failed = [name(record) for record in event["Records"] if not _handled(name(record), record, handle)]
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


def _handled(name: str, record: Record, handle: Callable[[Record], str]) -> bool:
    """Log what became of one record; what is cured by trying again is no error yet."""
    try:
        logger.info("done", extra={"record": name, "became": handle(record)})
    except Retryable as why:
        logger.warning("again", extra={"record": name, "why": f"{type(why).__name__}: {why}"})
        return False
    except Exception:  # the boundary: the queue keeps the record, whole, and brings it to the dead letters in the end
        logger.exception("failed", extra={"record": name})
        return False
    return True
