"""`undivided orders`: the secrets by which shop systems sign what they tell of orders."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import TYPE_CHECKING

from undivided.sale.orders import GENERIC, SOURCES
from undivided.sale.webhooks import standard_key
from undivided.values import Unusable

from console.kept import MOST, Kept, made

if TYPE_CHECKING:
    from console.stack import Stack


def secret(source: str, stack: Stack) -> int:
    """Store the secret of `source`, typed or piped in; an empty one makes one for `generic`, which is printed once."""
    given = _typed(source)
    if not given and source == GENERIC:
        given = made()
        print(given)
    _sound(source, given)
    orders = Kept(stack, "orders")
    stored = orders.read({})
    orders.write(stored | {source: list(dict.fromkeys([given, *stored.get(source, [])]))[:MOST]})
    print(f"{stack.name}: orders of {source} count within five minutes at {stack.output('ApiUrl')}/orders/{source}")
    return 0


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
