"""The demo's shop: `undivided.yaml`, but everybody is on duty at every hour, so that it answers whenever it is tried."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml

from console.local.failures import DemoFailure

ALWAYS = "mon-sun 0:00-24:00"
_CLOSED = ("holidays", "vacations")
SHOWN_PRODUCTS = 6


def read(path: Path) -> dict[str, Any]:
    """Read the file as it is; checking it is the roster's business."""
    try:
        shop = yaml.safe_load(path.read_text())
    except FileNotFoundError:
        raise DemoFailure(f"{path} is missing; the demo needs a shop, name another file with --shop") from None
    except yaml.YAMLError as error:
        raise DemoFailure(f"{path} is no YAML: {error}") from error
    if not isinstance(shop, dict) or not shop.get("mail_domain"):
        raise DemoFailure(f"{path} names no mail_domain; `undivided roster check {path}` says what it needs")
    return shop


def always_open(shop: dict[str, Any]) -> dict[str, Any]:
    """Return the shop with everybody on duty day and night, and no day off."""
    specialists = {name: _on_duty(one) for name, one in shop.get("specialists", {}).items()}
    return {key: value for key, value in shop.items() if key not in _CLOSED} | {"specialists": specialists}


def _on_duty(specialist: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in specialist.items() if key not in _CLOSED} | {"hours": ALWAYS}


def write(path: Path, shop: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(shop, allow_unicode=True, sort_keys=False, width=110))


def product_links(shop: dict[str, Any], form_url: str) -> list[dict[str, str]]:
    """Return a few products with the address of the form about each, as the shop's product pages would link it."""
    return [
        {"title": str(one["title"]), "url": f"{form_url}?{urlencode({'sku': one['sku'], 'title': one['title']})}"}
        for one in shop.get("products", [])[:SHOWN_PRODUCTS]
    ]
