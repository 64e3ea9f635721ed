"""moto without the way there and back.

Two thirds of what a run of the harness would take is botocore writing a request for moto, which reads it, and the same for
the answer. `straight` asks moto itself, for the table here and for the rest in quickservices.py; what moto refuses is
asked again the long way, for the error that botocore makes of it. tests/chaos/test_straight.py compares both ways.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import StreamShard, Table
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser
from moto.dynamodb.responses import DynamoHandler
from quickservices import Answer, Place, Refusal, answered

Request = Callable[[str, dict[str, Any]], dict[str, Any]]


def straight(client: Any, long_way: Request, account: str) -> Request:
    """Return `long_way` for a client, but without the way."""
    place = Place(account, client.meta.region_name)
    service = client.meta.service_model.service_name

    def ask(operation: str, params: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = _straight(service, operation, place, params)
        except Refusal as refusal:
            raise client.exceptions.from_code(refusal.args[0])(refusal.response, operation) from None
        if answer is None:
            return long_way(operation, params)
        return {**answer, "ResponseMetadata": {"HTTPStatusCode": 200}}

    return ask


def _straight(service: str, operation: str, place: Place, params: dict[str, Any]) -> Answer | None:
    if service == "dynamodb":
        return _tabled(operation, place, params)
    return answered(f"{service}.{operation}", place, params)


def _tabled(operation: str, place: Place, params: dict[str, Any]) -> Answer | None:
    table = DynamoHandler()
    table.region, table.current_account = place.region, place.account
    table.body = json.loads(json.dumps(params))  # what the caller changes later stays with the caller
    try:
        answer = getattr(table, _snake(operation))().result
    except Exception:  # noqa: BLE001 - whatever it is, botocore says it as it is said
        return None
    return _present(json.loads(json.dumps(answer)))


@cache
def _snake(operation: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()


def _present(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if value is not None}


def _kinds(self: DepthFirstTraverser) -> tuple[type, ...]:
    """Asked for each node of each expression, moto makes the map anew."""
    known: dict[str, tuple[type, ...]] = vars(self)
    if "kinds" not in known:
        known["kinds"] = tuple(self._processing_map())  # type: ignore[arg-type]
    return known["kinds"]


DepthFirstTraverser.nodes_to_be_processed = _kinds  # type: ignore[method-assign]


def _copied(self: StreamShard, memo: dict[int, Any]) -> StreamShard:
    """A transaction copies the table, to be able to go back; what stands in the stream never changes, and is shared."""
    shard = memo[id(self)] = self.__class__.__new__(self.__class__)
    vars(shard).update(vars(self), items=list(self.items), table=memo[id(self.table)])
    return shard


StreamShard.__deepcopy__ = _copied  # type: ignore[attr-defined]


_before: dict[int, Table] = {}
"""While a transaction is begun: the tables as they were before it, by identity."""
_one_for_each_part = DynamoDBBackend.transact_write_items


def _begun(self: DynamoDBBackend, parts: list[dict[str, Any]]) -> None:
    """moto copies the table once for each part of a transaction, all before it writes anything: one copy is enough."""
    _before.clear()
    Table.__deepcopy__ = _copied_once  # type: ignore[attr-defined]
    try:
        _one_for_each_part(self, parts)
    finally:
        del Table.__deepcopy__  # type: ignore[attr-defined]
        _before.clear()


def _copied_once(self: Table, memo: dict[int, Any]) -> Table:
    if id(self) not in _before:
        made = memo[id(self)] = self.__class__.__new__(self.__class__)
        vars(made).update(copy.deepcopy(vars(self), memo))
        _before[id(self)] = made
    return _before[id(self)]


DynamoDBBackend.transact_write_items = _begun  # type: ignore[method-assign]
