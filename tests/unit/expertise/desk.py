"""A small desk for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from undivided.config import Hours, Product, Shop, Specialist
from undivided.values import Address, SpecialistId

WHEN = datetime(2026, 5, 1, tzinfo=UTC)
ANNA, BEN, CLAIRE, FALLBACK = map(SpecialistId, ("anna", "ben", "claire", "olga"))


def person(name: str, about: str, languages: tuple[str, ...] = ("en",), **claims: Any) -> Specialist:
    skills = claims.pop("skills", {})
    sets = {kind: frozenset(values) for kind, values in claims.items()}
    address = Address(f"{name}@shop.example")
    return Specialist(
        SpecialistId(name), name.title(), address, Hours("UTC", ()), languages, about, skills=skills, **sets
    )


def shop(*people: Specialist, products: tuple[Product, ...] = (), fallback: str = "olga") -> Shop:
    return Shop(
        name="Example",
        url="https://shop.example",
        owner=Address("owner@shop.example"),
        mail_domain="ask.shop.example",
        zone="UTC",
        languages=("en",),
        currency="EUR",
        specialists={one.id: one for one in people},
        fallback=SpecialistId(fallback),
        products={one.sku: one for one in products},
    )


DESK = shop(
    person("anna", "Tents, tarps and sleeping bags; waterproofing", categories={"Outdoor > Tents"}),
    person("ben", "Bicycles: brakes, gears, e-bike batteries", ("en", "de"), categories={"Bikes"}, brands={"Velo"}),
    person("claire", "Climbing ropes, harnesses and helmets", ("fr", "en"), skus={"ROPE-70"}),
    person("olga", "Everything else", ("en", "de", "fr")),
    products=(
        Product("ROPE-70", "Rope 70 m", "Climbing"),
        Product("TENT-2", "Dome tent for two", "Outdoor > Tents", "Velo"),
    ),
)
