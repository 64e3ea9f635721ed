"""Bring one event of the bus to the owner's webhook, signed as Standard Webhooks describe."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from undivided.errors import Refused, Unavailable
from undivided.runtime import Runtime
from undivided.sale.webhooks import SIGNATURE, standard_headers

GONE = 410
"""The receiver wants no more events; Standard Webhooks ask to stop then."""


def tell(body: str, rt: Runtime) -> str:
    """Deliver one event and return what became of it; raise `Unavailable` for every answer but 2xx and 410.

    An attempt after a failure carries the same name and a new time.
    """
    name, content = message(body)
    headers = signed(tuple(json.loads(rt.webhook_secrets.secret())), name, content, rt.now())
    status = rt.web.post(rt.settings.webhook_url, content, headers)
    if status == GONE:
        return f"gone: {name} is not wanted"
    if status // 100 != 2:  # noqa: PLR2004 - 2xx
        raise Unavailable(f"the webhook answered {status} to {name}", str(status))
    return f"delivered {name}"


def message(body: str) -> tuple[str, bytes]:
    """Return the name and the content of an event as EventBridge brings it; raise `Refused` for anything else."""
    try:
        event: Mapping[str, Any] = json.loads(body)
        said = {"type": event["detail-type"], "timestamp": event["time"], "data": event["detail"]}
        return str(event["detail"]["id"]), json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    except (KeyError, TypeError, ValueError) as why:
        raise Refused(f"this is no event of the bus: {type(why).__name__} {why}") from None


def signed(secrets: tuple[str, ...], name: str, content: bytes, now: datetime) -> dict[str, str]:
    """Sign with each secret, so that the receiver can change theirs at any time while two are kept."""
    each = [standard_headers(one, name, content, now) for one in secrets]
    signatures = " ".join(one[SIGNATURE] for one in each)
    return {**each[0], SIGNATURE: signatures, "content-type": "application/json", "user-agent": "Undivided"}
