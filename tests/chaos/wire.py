"""Stands between boto3's clients and moto: counts calls, ends the process at one of them, and lets them fail as AWS does.

The emulators never show conflicts, throttling, lost answers or stale reads; here they happen exactly where a test wants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError
from chaos.stack import ACCOUNT
from quickmoto import Request, straight

BEFORE = "before"
AFTER = "after"


class Killed(BaseException):
    """The process ended here: nobody may catch this."""


@dataclass(frozen=True, slots=True)
class Call:
    """The `number`-th call of the process under test."""

    number: int
    service: str
    operation: str
    params: dict[str, Any]
    client: Any
    process: int
    """Number of the process that made it."""

    @property
    def name(self) -> str:
        return f"{self.service}.{self.operation}"


Happening = Callable[[Call, str], None]
"""Called before and after each call; may raise."""


def nothing(_call: Call, _moment: Any) -> None:
    """Let the call happen as it does."""


@dataclass(slots=True)
class Wire:
    """What lies between. `live` is True while code under test runs; the harness's own calls pass unseen."""

    live: bool = False
    whole: bool = False
    """True: AWS is asked through all of botocore, not straight in moto."""
    happening: Happening = nothing
    calls: list[Call] = field(default_factory=list)
    processes: int = 0
    listeners: list[Callable[[Call, Any], None]] = field(default_factory=list)
    """Told of each call that AWS did, whatever the process learns of it."""
    learned: Callable[[Call, Any], None] = nothing
    """Told what AWS answered to each call, also when that is an error."""

    def lay(self, clients: Iterable[Any]) -> None:
        for client in clients:
            client._make_api_call = self._between(client, self._way(client, client._make_api_call))

    def _way(self, client: Any, long: Request) -> Request:
        short = straight(client, long, ACCOUNT)

        def ask(operation: str, params: dict[str, Any]) -> Any:
            return (long if self.whole else short)(operation, params)  # `whole` may change at any time

        return ask

    def _between(self, client: Any, original: Request) -> Request:
        def call(operation: str, params: dict[str, Any]) -> Any:
            if not self.live:
                return original(operation, params)
            one = Call(
                len(self.calls), client.meta.service_model.service_name, operation, params, client, self.processes
            )
            self.calls.append(one)
            self.happening(one, BEFORE)
            try:
                answer = original(operation, params)
            except ClientError as refusal:
                self.learned(one, refusal.response)
                raise
            self.learned(one, answer)
            for listener in self.listeners:
                listener(one, answer)
            self.happening(one, AFTER)
            return answer

        return call


# --- what may happen to a call ---------------------------------------------------------------------------------


def killed(number: int, moment: str) -> Happening:
    """End the process before or after call `number`."""

    def happening(call: Call, at: str) -> None:
        if (call.number, at) == (number, moment):
            raise Killed(f"{moment} {call.name}")

    return happening


def lost_answer(number: int) -> Happening:
    """AWS does what call `number` asks, and the answer never arrives."""

    def happening(call: Call, at: str) -> None:
        if (call.number, at) == (number, AFTER):
            raise ReadTimeoutError(endpoint_url=f"https://{call.service}.example")

    return happening


def refused(number: int, code: str, status: int = 400, **body: Any) -> Happening:
    """AWS answers call `number` with an error and does nothing."""

    def happening(call: Call, at: str) -> None:
        if (call.number, at) == (number, BEFORE):
            raise error(call, code, status, **body)

    return happening


def throttled(number: int) -> Happening:
    """AWS takes no more at call `number`, in the word of the service."""

    def happening(call: Call, at: str) -> None:
        if (call.number, at) == (number, BEFORE):
            raise error(call, _THROTTLING.get(call.service, "ThrottlingException"))

    return happening


def conflicting(number: int) -> Happening:
    """Another transaction holds an item of call `number`; reads are never refused so."""

    def happening(call: Call, at: str) -> None:
        if (call.number, at) != (number, BEFORE):
            return
        if call.operation == "TransactWriteItems":
            raise cancelled(call, "TransactionConflict")
        if call.operation in ("PutItem", "UpdateItem", "DeleteItem"):
            raise error(call, "TransactionConflictException")

    return happening


def cancelled(call: Call, code: str) -> Exception:
    """Return a cancelled transaction whose first part met `code`."""
    others = [{"Code": "None"}] * (len(call.params["TransactItems"]) - 1)
    return error(call, "TransactionCanceledException", CancellationReasons=[{"Code": code, "Message": code}, *others])


def error(call: Call, code: str, status: int = 400, **body: Any) -> Exception:
    response = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}, **body}
    kind: type[Exception] = call.client.exceptions.from_code(code)
    return kind(response, call.operation)


_THROTTLING = {"dynamodb": "ProvisionedThroughputExceededException", "ses": "Throttling", "s3": "SlowDown"}
