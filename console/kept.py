"""Secrets that an owner has stored: each kind is one JSON in one parameter, beside the signing keys."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from undivided.sale.webhooks import PREFIX

if TYPE_CHECKING:
    from console.stack import Stack

MOST = 2
"""The new secret and the one before it: calls under way during a change still count."""


def made() -> str:
    """Make a secret in the form of Standard Webhooks."""
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()


@dataclass(frozen=True, slots=True)
class Kept:
    """The secrets of one kind: `orders`, `webhook`."""

    stack: Stack
    kind: str

    @property
    def parameter(self) -> str:
        return f"{self.stack.output('KeysParameter').rpartition('/')[0]}/{self.kind}"

    def read(self, none: Any) -> Any:
        """Return what is stored; `none` where nothing is."""
        ssm = self.stack.client("ssm")
        try:
            return json.loads(ssm.get_parameter(Name=self.parameter, WithDecryption=True)["Parameter"]["Value"])
        except ssm.exceptions.ParameterNotFound:
            return none

    def write(self, value: Any) -> None:
        ssm = self.stack.client("ssm")
        ssm.put_parameter(Name=self.parameter, Value=json.dumps(value), Type="SecureString", Overwrite=True)
