"""Reading `shop.json`, which `undivided roster` and a deployment write from the checked `undivided.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from undivided.config import (
    FORM,
    REASONS,
    Cap,
    Caps,
    FieldKind,
    Form,
    FormField,
    Hours,
    Pace,
    Product,
    Shop,
    Specialist,
    Texts,
    Window,
)
from undivided.values import Money, SpecialistId, moment


def shop_from(data: Mapping[str, Any]) -> Shop:
    """Build the shop from checked JSON (`shop.json`); unknown keys are left out: a newer console may write them.

    Raise `KeyError`, `TypeError`, `AttributeError` or `ValueError` if it was not written by `undivided roster`.
    """
    return Shop(
        name=data["name"],
        url=data["url"],
        owner=data["owner"],
        mail_domain=data["mail_domain"],
        zone=data["zone"],
        languages=tuple(data["languages"]),
        currency=data["currency"],
        specialists={SpecialistId(one["id"]): _specialist(one) for one in data["specialists"]},
        fallback=SpecialistId(data["fallback"]),
        products={one["sku"]: _product(one) for one in data.get("products", ())},
        pace=Pace(**{name: timedelta(seconds=value) for name, value in _known(Pace, data.get("pace", {})).items()}),
        unmask=data.get("unmask", False),
        explore=data.get("explore", True),
        paused=data.get("paused", False),
        ask_address=data.get("ask_address"),
        page_domains=tuple(data.get("page_domains", ())),
        privacy_url=data.get("privacy_url", ""),
        reasons=tuple(data.get("reasons", REASONS)),
        texts=Texts(**_known(Texts, data.get("texts", {}))),
        templates=data.get("templates", {}),
        forms={one["id"]: _form(one) for one in data.get("forms") or ({"id": FORM},)},
        caps=Caps(**{name: _caps(value) for name, value in _known(Caps, data.get("caps", {})).items()}),
        version=data.get("version", ""),
    )


def _known(kind: type, data: Mapping[str, Any]) -> dict[str, Any]:
    names = {one.name for one in fields(kind)}
    return {name: value for name, value in data.items() if name in names}


def _caps(data: list[list[int]]) -> tuple[Cap, ...]:
    return tuple(Cap(count, timedelta(seconds=seconds)) for count, seconds in data)


def _form(data: Mapping[str, Any]) -> Form:
    asked = (_known(FormField, one) for one in data.get("fields", ()))
    own = tuple(FormField(**{**one, "kind": FieldKind(one["kind"])}) for one in asked)
    return Form(data["id"], data.get("title", {}), data.get("intro", {}), own)


def _specialist(data: Mapping[str, Any]) -> Specialist:
    return Specialist(
        id=SpecialistId(data["id"]),
        name=data["name"],
        email=data["email"],
        hours=_hours(data["hours"]),
        languages=tuple(data["languages"]),
        about=data.get("about", ""),
        aliases=tuple(data.get("aliases", ())),
        capacity=data.get("capacity", 1),
        skus=frozenset(data.get("skus", ())),
        categories=frozenset(data.get("categories", ())),
        brands=frozenset(data.get("brands", ())),
        skills=dict(data.get("skills", {})),
    )


def _hours(data: Mapping[str, Any]) -> Hours:
    return Hours(
        zone=data["zone"],
        windows=tuple(Window(*window) for window in data["windows"]),
        holidays=frozenset(date.fromisoformat(day) for day in data.get("holidays", ())),
        vacations=tuple(
            (date.fromisoformat(first), date.fromisoformat(last)) for first, last in data.get("vacations", ())
        ),
        closed=tuple((moment(start), moment(end)) for start, end in data.get("closed", ())),
    )


def _product(data: Mapping[str, Any]) -> Product:
    return Product(
        sku=data["sku"],
        title=data["title"],
        category=data.get("category", ""),
        brand=data.get("brand", ""),
        price=Money.read(data["price"]) if data.get("price") else None,
        url=data.get("url", ""),
    )
