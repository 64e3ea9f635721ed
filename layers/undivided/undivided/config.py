"""What the owner wrote in `undivided.yaml`, as plain data that every room of the house may read.

`console/shopfile` reads and checks the YAML (schema, line numbers, holidays) and writes `shop.json`; `shop_from` turns
that checked JSON into these types, so that no Lambda carries a YAML parser or a JSON Schema library. The keys of the
JSON are the fields' names; durations are seconds in it, dates ISO, money `49.90 EUR`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from undivided.values import Address, Money, SpecialistId, moment

LANGUAGES = ("en", "de", "fr", "es", "it")
"""The languages that mails and pages are written in; a shop answers in some of these."""
FORM = "question"
"""The id of the form that stands at `/ask`, and the only one of a shop that describes none."""

Localised = Mapping[str, str]
"""Language -> text; `Shop.said` picks one."""


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
    closed: tuple[tuple[datetime, datetime], ...] = ()
    """Times off within days: moments, in order, the end not included."""


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
    """How long an ended conversation and its raw mail are kept."""
    linger: timedelta = timedelta(0)
    """How long an answer keeps the specialist free for a shopper who writes back at once."""
    credit_within: timedelta = timedelta(days=30)
    """An order that names no conversation counts for the buyer's last one, if that changed no longer ago than this."""
    hold: timedelta = timedelta(0)
    """How long an answer waits before it leaves, so that it can be taken back."""


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `count` within `window`."""

    count: int
    window: timedelta


CAPS = (Cap(10, timedelta(minutes=10)), Cap(30, timedelta(hours=1)), Cap(100, timedelta(hours=10)))


@dataclass(frozen=True, slots=True)
class Caps:
    """Against loops and abuse; every cap of a group holds at once."""

    automatic_mails: tuple[Cap, ...] = CAPS
    """Automatic mails to one address, error mails included."""
    questions_per_address: tuple[Cap, ...] = CAPS
    questions_per_network: tuple[Cap, ...] = CAPS
    """Questions from one network address."""


class FieldKind(StrEnum):
    """What a form's own field takes."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class FormField:
    """One of a form's own fields, beside name, address, question, product and consent."""

    id: str
    """Its `name` in the HTML form: lower-case letters, digits and underscores; never that of a built-in field."""
    kind: FieldKind
    label: Localised
    required: bool = False
    choices: Mapping[str, Localised] = field(default_factory=dict)
    """Of a choice: value -> what the shopper reads, in order; an empty text means the value itself."""
    least: int | None = None
    """Of a number: the smallest."""
    most: int | None = None
    """Of a number: the largest; of a text: characters (None: 500); of photos: how many (None: 5)."""
    unit: str = ""
    """Of a number: shown after it."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to ask. Empty texts mean the product's own words."""

    id: str
    title: Localised = field(default_factory=dict)
    intro: Localised = field(default_factory=dict)
    fields: tuple[FormField, ...] = ()


@dataclass(frozen=True, slots=True)
class Texts:
    """The owner's own words; an empty one leaves the product's."""

    acknowledgement: Localised = field(default_factory=dict)
    """One more paragraph of the acknowledgement mail."""
    signature: Localised = field(default_factory=dict)
    """The last lines of every mail to a shopper."""
    consent: Localised = field(default_factory=dict)
    """Beside the form's consent box."""


REASONS = ("too expensive", "not available", "did not fit", "bought elsewhere", "no longer needed", "other")


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
    explore: bool = True
    """One question in twenty may go to somebody who is nearly the best guess, so that their worth is learned."""
    ask_address: Address | None = None
    """Where a question may be asked by plain mail, at the mail domain; None: nowhere."""
    page_domains: tuple[str, ...] = ()
    """Hosts whose page addresses are believed and linked to, subdomains included."""
    privacy_url: str = ""
    """The shop's privacy policy, linked beside the consent box."""
    reasons: tuple[str, ...] = REASONS
    """What `/lost` is counted under."""
    texts: Texts = Texts()
    templates: Mapping[str, Localised] = field(default_factory=dict)
    """What `/template <name>` puts into an answer; sale/inserts.py says what may stand in braces."""
    forms: Mapping[str, Form] = field(default_factory=lambda: {FORM: Form(FORM)})
    caps: Caps = Caps()
    version: str = ""
    """Hash of everything else, the catalogue and holidays included."""

    def said(self, text: Localised, language: str) -> str:
        """Return `text` in `language`, else in the shop's first language that it has, else ""."""
        return next((text[one] for one in (language, *self.languages) if text.get(one)), "")

    def knows_page(self, host: str) -> bool:
        """Say whether `host` is one of the shop's own: only there do page addresses and redirects lead."""
        host = host.casefold().rstrip(".")
        return any(host == one or host.endswith(f".{one}") for one in self.page_domains)


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
