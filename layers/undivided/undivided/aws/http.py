"""API Gateway's proxy events and answers; no word of what they are about."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from undivided.pages.page import Page, Request


def request(event: Mapping[str, Any]) -> Request:
    """Unwrap an event of a REST API with Lambda proxy integration."""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    text = event.get("body") or ""
    return Request(
        method=event["httpMethod"],
        path=event.get("path", "/"),
        parts=event.get("pathParameters") or {},
        query=event.get("queryStringParameters") or {},
        headers=headers,
        body=base64.b64decode(text) if event.get("isBase64Encoded") else text.encode(),
        source=(event.get("requestContext", {}).get("identity") or {}).get("sourceIp", ""),
    )


def answer(page: Page) -> dict[str, Any]:
    return {"statusCode": page.status, "headers": dict(page.headers), "body": page.body, "isBase64Encoded": False}
