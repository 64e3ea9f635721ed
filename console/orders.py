"""`undivided orders`: the secrets by which shop systems sign what they tell of orders."""

from __future__ import annotations

import json
import secrets
import sys
from base64 import b64encode
from getpass import getpass
from typing import TYPE_CHECKING, Any

from undivided.sale.orders import GENERIC, SOURCES
from undivided.sale.webhooks import PREFIX, standard_key
from undivided.values import Unusable

if TYPE_CHECKING:
    from console.stack import Stack

KEPT = 2
"""The new secret and the one before it: calls under way during a change still count."""


def secret(source: str, stack: Stack) -> int:
    """Store the secret of `source`, typed or piped in; an empty one makes one for `generic`, which is printed once."""
    given = _typed(source)
    if not given and source == GENERIC:
        given = PREFIX + b64encode(secrets.token_bytes(32)).decode()
        print(given)
    _sound(source, given)
    ssm, name = stack.client("ssm"), parameter(stack)
    kept = stored(ssm, name)
    kept[source] = list(dict.fromkeys([given, *kept.get(source, [])]))[:KEPT]
    ssm.put_parameter(Name=name, Value=json.dumps(kept), Type="SecureString", Overwrite=True)
    print(f"{stack.name}: orders of {source} count within five minutes at {stack.output('ApiUrl')}/orders/{source}")
    return 0


def parameter(stack: Stack) -> str:
    """Return the parameter's name: beside the signing keys."""
    return f"{stack.output('KeysParameter').rpartition('/')[0]}/orders"


def stored(ssm: Any, name: str) -> dict[str, list[str]]:
    try:
        kept: dict[str, list[str]] = json.loads(ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
    except ssm.exceptions.ParameterNotFound:
        return {}
    return kept


def _typed(source: str) -> str:
    if sys.stdin.isatty():
        return getpass(f"secret of {source} (not shown{'; empty makes one' if source == GENERIC else ''}): ").strip()
    return sys.stdin.readline().strip()


def _sound(source: str, given: str) -> None:
    if source not in SOURCES:
        raise Unusable(f"{source!r} is no source of orders; use one of {', '.join(SOURCES)}")
    if not given:
        raise Unusable(f"no secret was given; copy it from the webhook settings of {source}")
    if source == GENERIC:
        standard_key(given)
