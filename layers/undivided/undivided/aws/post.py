"""SES: hand over one written-out mail, and be honest about what its silence means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
)

from undivided.aws.faults import EXPIRED, SERVER_ERROR, THROTTLING, code_of, status_of
from undivided.errors import Fault, Refused, TooLarge, Unknown, Unsent

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

LARGEST = 10 * 1024 * 1024
"""Bytes of a mail, encoded (SES quotas, v1 API)."""
NEVER = frozenset({"MessageRejected", "InvalidParameterValue", "MailFromDomainNotVerifiedException", "ValidationError"})
"""The mail itself is at fault, or an identity that nobody has verified: it is never sent like this."""


@dataclass(frozen=True, slots=True)
class Ses:
    """The adapter behind the port of the same name. Its client must not retry by itself."""

    client: SESClient

    def send(self, raw: bytes, source: str, destinations: tuple[str, ...]) -> str:
        if len(raw) > LARGEST:
            raise TooLarge(f"a mail of {len(raw)} bytes; SES takes {LARGEST}: send attachments as links")
        try:
            answer = self.client.send_raw_email(
                Source=source, Destinations=list(destinations), RawMessage={"Data": raw}
            )
        except ClientError as error:
            raise _refused(error) from error
        except BotoCoreError as error:
            raise _unanswered(error) from error
        return answer["MessageId"]


def _refused(error: ClientError) -> Fault:
    """Sort SES's answer: 5xx leaves open whether the mail was taken; every 4xx says that it was not.

    Of those, what the owner can cure (paused sending, a missing configuration set, rights) is tried again.
    """
    code = code_of(error)
    if code in NEVER:
        return Refused(str(error), code)
    if code in THROTTLING | EXPIRED or status_of(error) < SERVER_ERROR:
        return Unsent(str(error), code)
    return Unknown(str(error), code)


def _unanswered(error: BotoCoreError) -> Fault:
    """Sort silence: where no connection stood, or the request could not be made, nothing was sent."""
    name = type(error).__name__
    if isinstance(error, ConnectTimeoutError | EndpointConnectionError) or not isinstance(error, HTTPClientError):
        return Unsent(str(error), name)
    return Unknown(str(error), name)
