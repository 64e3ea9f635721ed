"""The checked file as plain JSON, in the shape that `undivided.shopjson.shop_from` reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from undivided.values import address, stamp

from console.shopfile import closed, hours, written

_AS_WRITTEN = ("name", "url", "mail_domain", "zone", "languages", "currency", "fallback")
_OPTIONAL = ("privacy_url", "paused", "explore", "unmask", "reasons")
_PERSON = ("about", "capacity", "skills")
_ADDRESSES = ("owner", "ask_address")


def compiled(
    data: Mapping[str, Any], products: list[dict[str, str]], today: date, calendars: Mapping[str, str]
) -> dict[str, Any]:
    """Return `shop.json` of checked `data`; the same all year long, as holidays are read up to the end of a year.

    `calendars` holds the text of each that is named under `holidays`.
    """
    found: dict[str, Any] = {key: data[key] for key in (*_AS_WRITTEN, *_OPTIONAL) if key in data}
    found |= {key: address(data[key]) for key in _ADDRESSES if key in data}
    found["page_domains"] = data.get("page_domains") or [urlsplit(data["url"]).hostname]
    found["specialists"] = [_specialist(key, one, data, today, calendars) for key, one in data["specialists"].items()]
    found["products"] = [_product(one) for one in products]
    found["pace"] = {key: _seconds(written.duration(text)) for key, text in data.get("pace", {}).items()}
    found["caps"] = {key: [_cap(text) for text in texts] for key, texts in data.get("caps", {}).items()}
    found["texts"] = {key: _localised(text, data) for key, text in data.get("texts", {}).items()}
    found["templates"] = {key: _localised(text, data) for key, text in data.get("templates", {}).items()}
    found["forms"] = [_form(key, form, data) for key, form in data.get("forms", {}).items()]
    return found | {"version": fingerprint(found)}


def fingerprint(shop: Mapping[str, Any]) -> str:
    """Return the hash of a compiled shop without its version."""
    rest = {key: value for key, value in shop.items() if key != "version"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:16]


def always_on_duty(shop: Mapping[str, Any]) -> dict[str, Any]:
    """Return the compiled shop with everybody on duty at every hour of every day, as the demo needs it."""
    round_the_clock = [[one.weekday, one.start, one.end] for one in hours.ALWAYS]
    people = [
        one | {"hours": {"zone": one["hours"]["zone"], "windows": round_the_clock}} for one in shop["specialists"]
    ]
    changed = {**shop, "specialists": people}
    return changed | {"version": fingerprint(changed)}


def _specialist(
    key: str, one: Mapping[str, Any], shop: Mapping[str, Any], today: date, calendars: Mapping[str, str]
) -> dict[str, Any]:
    found = {"id": key, "name": one["name"].strip(), "email": address(one["email"]), "languages": one["languages"]}
    found |= {name: one[name] for name in _PERSON if name in one}
    found |= {kind: [name.strip() for name in names] for kind, names in one.get("products", {}).items()}
    found["aliases"] = [address(alias) for alias in one.get("aliases", ())]
    return found | {"hours": _hours(one, shop, today, calendars)}


def _hours(
    one: Mapping[str, Any], shop: Mapping[str, Any], today: date, calendars: Mapping[str, str]
) -> dict[str, Any]:
    windows = [window for text in _list(one["hours"]) for window in hours.windows(text)]
    vacations = [written.vacation(text) for text in one.get("vacations", ())]
    zone = one.get("zone", shop["zone"])
    off = closed.off(_list(one.get("holidays", shop.get("holidays", []))), zone, today, calendars)
    return {
        "zone": zone,
        "windows": sorted([window.weekday, window.start, window.end] for window in windows),
        "holidays": [day.isoformat() for day in sorted(off.days)],
        "vacations": [[first.isoformat(), last.isoformat()] for first, last in vacations],
        **({"closed": [[stamp(start), stamp(end)] for start, end in off.times]} if off.times else {}),
    }


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _product(one: Mapping[str, str]) -> dict[str, str]:
    found = {key: value.strip() for key, value in one.items()}
    return found | ({"price": str(written.money(one["price"]))} if "price" in one else {})


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())


def _cap(text: str) -> list[int]:
    cap = written.cap(text)
    return [cap.count, _seconds(cap.window)]


def _localised(text: str | dict[str, str], shop: Mapping[str, Any]) -> dict[str, str]:
    """Return a text by language; one text alone stands for every language, and so under the shop's first."""
    return (
        {shop["languages"][0]: text.strip()}
        if isinstance(text, str)
        else {key: one.strip() for key, one in text.items()}
    )


def _form(key: str, form: Mapping[str, Any], shop: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: _localised(form[name], shop) for name in ("title", "intro") if name in form}
    return {"id": key, **texts, "fields": [_field(name, one, shop) for name, one in form.get("fields", {}).items()]}


def _field(key: str, one: Mapping[str, Any], shop: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: one[name] for name in ("required", "least", "most", "unit") if name in one}
    choices = one.get("choices", {})
    if isinstance(choices, list):
        choices = {choice: choice for choice in choices}
    found["choices"] = {value: _localised(text, shop) for value, text in choices.items()}
    return found | {"id": key, "kind": one["type"], "label": _localised(one["label"], shop)}
