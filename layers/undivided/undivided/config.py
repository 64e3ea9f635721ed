"""What the owner wrote in `undivided.yaml`, as plain data that every room of the house may read.

`console/shopfile` reads and checks the YAML (schema, line numbers, holidays) and writes `shop.json`; `shopjson.py` turns
that checked JSON into these types, so that no Lambda carries a YAML parser or a JSON Schema library. The keys of the
JSON are the fields' names; durations are seconds in it, dates ISO, money `49.90 EUR`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from undivided.values import Address, Money, SpecialistId

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
    """Working time from delivery to the reminder, at the latest: whoever usually answers sooner is reminded sooner."""
    hand_over_after: timedelta = timedelta(hours=4)
    """Working time from delivery to the hand-over."""
    handling_prior: timedelta = timedelta(minutes=15)
    """Assumed handling time of a specialist who has not answered yet."""
    head_start_half_life: timedelta | None = None
    """None: two answers long (`half_life`)."""
    returning_ahead: timedelta | None = None
    """By how much a shopper who writes again stands before new ones in the line of their specialist; None: wholly."""
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

    @property
    def half_life(self) -> timedelta:
        """Return how long half as good a match waits: as long as a better one needs for two answers (decision 34)."""
        return 2 * self.handling_prior if self.head_start_half_life is None else self.head_start_half_life


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
