"""Small readers of CloudFormation's shapes, for the tests beside this file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def of_type(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return the properties of all resources of one type, by logical id."""
    return {name: one.get("Properties", {}) for name, one in resources.items() if one["Type"] == kind}


def target(value: Any) -> str:
    """Return the logical id that a `Ref` or a `GetAtt` names."""
    if "Ref" in value:
        return value["Ref"]
    got = value["Fn::GetAtt"]
    return got[0] if isinstance(got, list) else got.split(".")[0]


def texts(value: Any) -> Iterator[str]:
    """Yield every string inside `value`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def branches(statement: Any) -> list[dict[str, Any]]:
    """Return the statements that an entry of a policy may become: both sides of an `Fn::If`, but for NoValue."""
    if "Fn::If" in statement:
        return [one for side in statement["Fn::If"][1:] for one in branches(side)]
    return [] if statement == {"Ref": "AWS::NoValue"} else [statement]
