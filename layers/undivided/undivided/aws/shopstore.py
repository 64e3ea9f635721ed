"""The shop as `undivided roster apply` left it: `config/shop.json` in S3, at most a minute old."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from undivided.config import Shop
from undivided.errors import Retryable, Unavailable
from undivided.shopjson import shop_from

KEY = "config/shop.json"
FRESH_FOR = timedelta(seconds=60)
_MISSING = frozenset({"NoSuchKey", "404", "AccessDenied", "403"})
"""Without the right to list, S3 says that a missing object is forbidden."""
_log = logging.getLogger(__name__)


class NotConfigured(Retryable):
    """The stack has no shop, or one that this version cannot read; what came in waits until there is one."""


class ShopStore:
    """Reads the shop, asks S3 for a newer one at most once a minute, and keeps the last good one while S3 fails."""

    def __init__(self, s3: Any, bucket: str, clock: Callable[[], datetime]) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._clock = clock
        self._shop: Shop | None = None
        self._etag = ""
        self._asked_at: datetime | None = None

    def shop(self) -> Shop:
        """Return the shop; raise `NotConfigured` if there is none, `Unavailable` if S3 fails before the first one."""
        now = self._clock()
        if self._shop is None or self._asked_at is None or now - self._asked_at >= FRESH_FOR:
            self._refresh()
            self._asked_at = now
        assert self._shop is not None
        return self._shop

    def _refresh(self) -> None:
        try:
            self._fetch()
        except Retryable:
            if self._shop is None:
                raise
            _log.warning("the shop could not be read again; the last good one stays", exc_info=True)

    def _fetch(self) -> None:
        """Take the object if it is another one than last time; an answer 304 means that it is not."""
        condition = {"IfNoneMatch": self._etag} if self._etag else {}
        try:
            found = self._s3.get_object(Bucket=self._bucket, Key=KEY, **condition)
            body = found["Body"].read()
        except ClientError as error:
            self._failed(error)
        except BotoCoreError as error:
            raise Unavailable(f"S3 gave no answer for {KEY}: {error}") from error
        else:
            self._shop, self._etag = _read(body), found["ETag"]

    def _failed(self, error: ClientError) -> None:
        code = error.response["Error"]["Code"]
        if code in ("304", "NotModified"):
            return
        if code in _MISSING:
            raise NotConfigured(f"s3://{self._bucket}/{KEY} is missing: run `undivided roster apply`", code) from error
        raise Unavailable(f"S3 failed for {KEY}: {error}", code) from error


def _read(body: bytes) -> Shop:
    try:
        return shop_from(json.loads(body))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NotConfigured(
            f"{KEY} cannot be read by this version ({error!r}): deploy, then run `undivided roster apply`"
        ) from error
