"""Calls to the outside."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from undivided.errors import Unavailable

TIMEOUT = 10
"""Seconds, for the connection and for the answer."""


class Web:
    """The adapter behind the port of the same name."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        parts = urlsplit(url)
        link = _link(parts.scheme, parts.hostname or "", parts.port)
        try:
            link.request("POST", (parts.path or "/") + ("?" + parts.query if parts.query else ""), body, dict(headers))
            return link.getresponse().status
        except (OSError, http.client.HTTPException) as why:
            raise Unavailable(f"{parts.hostname} gave no answer: {type(why).__name__}: {why}") from why
        finally:
            link.close()


def _link(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=TIMEOUT)
