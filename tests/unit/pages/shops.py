"""A shop to draw pages for."""

from __future__ import annotations

from decimal import Decimal

from undivided.config import Hours, Product, Shop, Specialist, Window
from undivided.values import Address, Money, SpecialistId

ALWAYS = Hours("Europe/Berlin", tuple(Window(day, 0, 1440) for day in range(7)))
KEVIN = Specialist(
    SpecialistId("kevin"),
    "Kevin Müller",
    Address("kevin@shop.example"),
    ALWAYS,
    ("de", "en"),
    aliases=(Address("kev@home.example"),),
)
JANE = Specialist(SpecialistId("jane"), "Jane Doe", Address("jane@shop.example"), ALWAYS, ("en",))
TRAIL = Product(
    "TR-300",
    "Trail Runner 3",
    "shoes",
    "Fjell",
    Money(Decimal("129.90"), "EUR"),
    "https://shop.example/p/trail-runner-3",
)
SHOP = Shop(
    name="Bergfreund",
    url="https://shop.example",
    owner=Address("owner@shop.example"),
    mail_domain="ask.shop.example",
    zone="Europe/Berlin",
    languages=("de", "en", "fr", "es", "it"),
    currency="EUR",
    specialists={one.id: one for one in (KEVIN, JANE)},
    fallback=SpecialistId("jane"),
    products={TRAIL.sku: TRAIL},
)
