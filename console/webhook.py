"""`undivided webhook`: the secret by which the receiver of events knows that they are ours."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from undivided.sale.webhooks import PREFIX

if TYPE_CHECKING:
    from console.stack import Stack

KEPT = 2


def secret(stack: Stack) -> int:
    """Make a secret, store it before the one that there is, and print it once; events are then signed with both."""
    made = PREFIX + b64encode(secrets.token_bytes(32)).decode()
    ssm, name = stack.client("ssm"), parameter(stack)
    kept = [made, *stored(ssm, name)][:KEPT]
    ssm.put_parameter(Name=name, Value=json.dumps(kept), Type="SecureString", Overwrite=True)
    print(made)
    return 0


def parameter(stack: Stack) -> str:
    """Return the parameter's name: beside the signing keys."""
    return f"{stack.output('KeysParameter').rpartition('/')[0]}/webhook"


def stored(ssm: Any, name: str) -> list[str]:
    try:
        kept: list[str] = json.loads(ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
    except ssm.exceptions.ParameterNotFound:
        return []
    return kept
