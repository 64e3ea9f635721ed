"""What the owner wrote in `undivided.yaml`, as plain data that every room of the house may read.

`console/shopfile.py` reads and checks the YAML (schema, line numbers, holidays) and writes `shop.json`; this module
only turns that checked JSON into types, so that no Lambda carries a YAML parser or a JSON Schema library.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from undivided.values import Address, Money, SpecialistId


@dataclass(frozen=True, slots=True)
class Window:
    """One working window: `weekday` 0 is Monday; minutes after that local midnight; `end` may pass 1440 (over midnight)."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When a person works, in their own IANA zone. No window at all means never on duty."""

    zone: str
    windows: tuple[Window, ...]
    holidays: frozenset[date] = frozenset()
    vacations: tuple[tuple[date, date], ...] = ()
    """First and last day, both included, in `zone`."""


@dataclass(frozen=True, slots=True)
class Specialist:
    """A person who answers; `about` is the description that routing reads, in their own words."""

    id: SpecialistId
    name: str
    email: Address
    hours: Hours
    languages: tuple[str, ...]
    """Two-letter codes, best first."""
    about: str = ""
    aliases: tuple[Address, ...] = ()
    capacity: int = 1
    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    skills: Mapping[str, int] = field(default_factory=dict)
    """Word or phrase -> level 1 (knows it) to 5 (nobody knows it better)."""

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def addresses(self) -> tuple[Address, ...]:
        return (self.email, *self.aliases)


@dataclass(frozen=True, slots=True)
class Product:
    """One article of the catalogue."""

    sku: str
    title: str
    category: str = ""
    brand: str = ""
    price: Money | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things may take; working time means minutes within the specialist's hours."""

    remind_after: timedelta = timedelta(hours=2)
    """Working time from delivery to the reminder."""
    hand_over_after: timedelta = timedelta(hours=4)
    """Working time from delivery to the hand-over."""
    handling_prior: timedelta = timedelta(minutes=15)
    """Assumed handling time of a specialist who has not answered yet."""
    head_start_half_life: timedelta = timedelta(minutes=8)
    nudge_after: timedelta = timedelta(days=3)
    """Shopper's silence until the one gentle question."""
    lapse_after: timedelta = timedelta(days=4)
    """Silence from the gentle question to the outcome lapsed."""
    retention: timedelta = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Shop:
    """The whole of `undivided.yaml`, checked."""

    name: str
    url: str
    owner: Address
    mail_domain: str
    """Receives for the product, for example ask.shop.example; never a person's own mail domain."""
    zone: str
    languages: tuple[str, ...]
    """The languages the shop answers in; the first is its own."""
    currency: str
    specialists: Mapping[SpecialistId, Specialist]
    fallback: SpecialistId
    products: Mapping[str, Product] = field(default_factory=dict)
    pace: Pace = Pace()
    unmask: bool = False
    """True shows each side the other's address (FEATURES 59)."""
    paused: bool = False
    """True: the owner has paused the whole desk; questions wait."""
    version: str = ""
    """Hash of the file it was read from."""


def shop_from(data: Mapping[str, Any]) -> Shop:
    """Build the shop from checked JSON (`shop.json`); the keys are the fields' names."""
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
        pace=Pace(**{name: timedelta(seconds=seconds) for name, seconds in data.get("pace", {}).items()}),
        unmask=data.get("unmask", False),
        paused=data.get("paused", False),
        version=data.get("version", ""),
    )


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
        vacations=tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in data.get("vacations", ())),
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
