"""Signatures of webhooks, in both directions: Standard Webhooks, and the two shop systems' own.

Sources: the Standard Webhooks specification ("Signature scheme"), Shopify ("Verify webhook deliveries": base64 of the
HMAC-SHA256 of the raw body, keyed with the app's client secret), WooCommerce (`WC_Webhook::generate_signature`: the same,
keyed with the webhook's secret). Standard library only.
"""

from __future__ import annotations

import binascii
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from undivided.values import Unusable

PREFIX = "whsec_"
"""Begins a secret of Standard Webhooks; the rest is base64."""
STALE = timedelta(minutes=5)
"""The tolerance that Standard Webhooks recommends, in both directions."""
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
_SHORTEST = 16
_SECONDS = re.compile(r"[0-9]{1,12}")


class Untrusted(ValueError):
    """A call that is unsigned, wrongly signed, or too old; the text is for the log, never for the caller."""


def signed_body(body: bytes, signature: str, secrets: Iterable[str]) -> None:
    """Check a base64 HMAC-SHA256 of the raw body, under any of `secrets`; raise `Untrusted`."""
    given = signature.strip().encode("utf-8", "replace")
    if not given:
        raise Untrusted("there is no signature")
    made = [b64encode(hmac.digest(secret.encode(), body, sha256)) for secret in secrets if secret]
    if not any(hmac.compare_digest(given, one) for one in made):
        raise Untrusted("the signature is of another body, or made with another secret")


def signed_standard(body: bytes, headers: Mapping[str, str], secrets: Iterable[str], now: datetime) -> str:
    """Check the three headers of Standard Webhooks and return the message's id; raise `Untrusted`.

    Header names are in lower case. Any `v1` entry of the signature may match, under any of `secrets`.
    """
    name, sent = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not name or not _SECONDS.fullmatch(sent):
        raise Untrusted(f"{ID} or {TIMESTAMP} (whole seconds) is missing")
    if abs(now.timestamp() - int(sent)) > STALE.total_seconds():
        raise Untrusted(f"sent at {sent}, more than {STALE} from now")
    given = [one.encode("utf-8", "replace") for one in headers.get(SIGNATURE, "").split()[:20]]
    made = [standard_signature(secret, name, int(sent), body).encode() for secret in secrets]
    if not any(hmac.compare_digest(one, other) for one in given for other in made):
        raise Untrusted("no signature fits")
    return name


def standard_headers(secret: str, name: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return the three headers for a message that is sent now; a retry has the same `name` and a new time."""
    seconds = int(now.astimezone(UTC).timestamp())
    return {ID: name, TIMESTAMP: str(seconds), SIGNATURE: standard_signature(secret, name, seconds, body)}


def standard_signature(secret: str, name: str, seconds: int, body: bytes) -> str:
    signed = f"{name}.{seconds}.".encode("utf-8", "replace") + body
    return "v1," + b64encode(hmac.digest(standard_key(secret), signed, sha256)).decode()


def standard_key(secret: str) -> bytes:
    """Return the bytes of a `whsec_…` secret; raise `Unusable`, which never repeats it."""
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) < _SHORTEST:
        raise Unusable(f"the secret is unusable; write {PREFIX} and at least {_SHORTEST} random bytes in base64")
    return key
