"""`undivided webhook`: the secret by which the receiver of events knows that they are ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.kept import MOST, Kept, made

if TYPE_CHECKING:
    from console.stack import Stack


def secret(stack: Stack) -> int:
    """Make a secret, store it before the one that there is, and print it once; events are then signed with both."""
    new, webhook = made(), Kept(stack, "webhook")
    webhook.write([new, *webhook.read([])][:MOST])
    print(new)
    return 0
