"""Records one by one, each with its own success or failure, and one line of log for what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from undivided.errors import Retryable

logger = Logger()


def each_message(event: dict[str, Any], context: Any, handle: Callable[[str], str]) -> dict[str, Any]:
    """Handle each SQS message's body; `handle` returns what became of it. Failures alone come back, whole."""

    def one(record: Any) -> None:
        _logged({"message_id": record.message_id}, lambda: handle(record.body))

    return _partially(event, context, one, EventType.SQS)


def each_record(event: dict[str, Any], context: Any, handle: Callable[[dict[str, Any]], str]) -> dict[str, Any]:
    """Handle each record of the table's stream, as Lambda delivered it."""

    def one(record: Any) -> None:
        _logged({"event_id": record.event_id}, lambda: handle(record.raw_event))

    return _partially(event, context, one, EventType.DynamoDBStreams)


def _logged(about: dict[str, str], work: Callable[[], str]) -> None:
    """Log what became of one record; what is cured by trying again is no error yet."""
    try:
        logger.info("done", extra={**about, "became": work()})
    except Retryable as why:
        logger.warning("again", extra={**about, "why": f"{type(why).__name__}: {why}"})
        raise
    except Exception:
        logger.exception("failed", extra=about)
        raise


def _partially(event: dict[str, Any], context: Any, one: Callable[[Any], None], kind: EventType) -> dict[str, Any]:
    """Answer with the failed records even when all failed: an error would hide which, and log a stack for nothing."""
    processor = BatchProcessor(event_type=kind, raise_on_entire_batch_failure=False)
    answer = process_partial_response(event=event, record_handler=one, processor=processor, context=context)
    return dict(answer)
