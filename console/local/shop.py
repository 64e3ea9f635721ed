"""What the demo reads of `undivided.yaml` before the stack exists; checking it is the roster's business."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml

from console.local.failures import DemoFailure

SHOWN_PRODUCTS = 6


def read(path: Path) -> dict[str, Any]:
    """Read the file as it is; raise `DemoFailure` when it does not even name its mail domain."""
    try:
        shop = yaml.safe_load(path.read_text())
    except FileNotFoundError:
        raise DemoFailure(f"{path} is missing; the demo needs a shop, name another file with --shop") from None
    except yaml.YAMLError as error:
        raise DemoFailure(f"{path} is no YAML: {error}") from error
    if not isinstance(shop, dict) or not shop.get("mail_domain"):
        raise DemoFailure(f"{path} names no mail_domain; `undivided roster check {path}` says what it needs")
    return shop


def product_links(shop: dict[str, Any], form_url: str) -> list[dict[str, str]]:
    """Return a few products with the address of the form about each, as the shop's product pages would link it."""
    return [
        {"title": str(one["title"]), "url": f"{form_url}?{urlencode({'sku': one['sku'], 'title': one['title']})}"}
        for one in shop.get("products", [])[:SHOWN_PRODUCTS]
    ]
