"""From botocore's exceptions to ours: by the service's code and status, never by the words of a message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from undivided.errors import Conflict, Fault, NotThereYet, Refused, Throttled, TooLarge, Unavailable

THROTTLING = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "SlowDown",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
BUSY = frozenset({"TransactionConflict", "TransactionConflictException", "TransactionInProgressException"})
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "UnrecognizedClientException"})
"""The process holds credentials that have run out; the next attempt has new ones."""
MISSING = frozenset({"NoSuchKey", "404", "ParameterNotFound", "ResourceNotFoundException"})
OVERSIZE = frozenset({"EntityTooLarge", "ItemCollectionSizeLimitExceeded", "ItemCollectionSizeLimitExceededException"})
SERVER_ERROR = 500


@contextmanager
def translated() -> Iterator[None]:
    """Raise what botocore raises inside as one of ours, with the original as its cause."""
    try:
        yield
    except ClientError as error:
        raise of_answer(error) from error
    except BotoCoreError as error:
        raise of_silence(error) from error


def of_answer(error: ClientError) -> Fault:
    """Sort an answer that says no."""
    code = code_of(error)
    for codes, kind in _KINDS:
        if code in codes:
            return kind(str(error), code)
    return (Unavailable if status_of(error) >= SERVER_ERROR else Refused)(str(error), code)


def of_silence(error: BotoCoreError) -> Fault:
    """Sort what happened on this side: no answer over the network, or a request that was never valid."""
    kind = Unavailable if isinstance(error, HTTPClientError) else Refused
    return kind(str(error), type(error).__name__)


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def status_of(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


_KINDS: tuple[tuple[frozenset[str], type[Fault]], ...] = (
    (THROTTLING, Throttled),
    (BUSY, Conflict),
    (EXPIRED, Unavailable),
    (MISSING, NotThereYet),
    (OVERSIZE, TooLarge),
)
