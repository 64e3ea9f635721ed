"""The shop of the end-to-end tests: the example, and a team with an article of its own for each journey.

Journeys run side by side and each specialist has one shopper at a time, so no two journeys may share anybody. Articles
are routed to their category's people alone; the first of a team owns the article too, and is therefore asked first.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from e2e.localdemo import ROOT

SIMULATOR = "simulator.amazonses.com"
PRICE = "489.00 EUR"


@dataclass(frozen=True)
class Person:
    id: str
    languages: str = "en"
    address: str = ""

    @property
    def email(self) -> str:
        return self.address or f"{self.id}@shop.example"


def en(*ids: str) -> tuple[Person, ...]:
    return tuple(Person(one) for one in ids)


def de(*ids: str) -> tuple[Person, ...]:
    return tuple(Person(one, "de, en") for one in ids)


TEAMS: dict[str, tuple[Person, ...]] = {
    # mail that goes wrong
    "twice": en("tess"),
    "early": en("earl"),
    "silent": en("sid"),
    "left": en("lea"),
    "right": de("rita"),
    "loop": en("lou"),
    "bounced": en("ben"),
    "suppressed": de("susi"),
    "complaint": en("carl"),
    "absent": (Person("otto", "en", f"ooto+otto@{SIMULATOR}"), *en("oda")),
    "unreachable": (Person("ugo", "de, en", f"bounce+ugo@{SIMULATOR}"), *de("ulla")),
    "large": en("lars"),
    "forged": en("fred"),
    "quarantine": en("quinn"),
    # commands
    "selling-en": en("wanda"),
    "selling-de": de("willi"),
    "passing-en": en("paul", "polly"),
    "passing-de": de("gabi", "georg"),
    "asking-en": en("alice", "albert"),
    "asking-de": de("antje", "anton"),
    "away-en": en("adam", "abel"),
    "away-de": de("arno", "axel"),
    "snoozing-en": en("sam"),
    "snoozing-de": de("sven"),
    "mistaken-en": en("helen"),
    "mistaken-de": de("hugo"),
    "holding-en": en("hal"),
    "holding-de": de("hans"),
    # links
    "selling-by-link": en("lila"),
    "passing-by-link": en("lena", "levi"),
    "photos": en("fay"),
    # what is learned
    "learning": en("nora", "nils"),
    "knowledge": en("kora"),
    # orders
    "shopify": en("shay"),
    "woocommerce": en("wolf"),
    "generic": en("gene"),
    "linked": en("lynn"),
}
BY_MAIL = Person("simon")
"""Gets what is asked by plain mail, where no article says whose it is."""
ABOUT_BY_MAIL = "Siphon coffee makers: vacuum, glass bulbs, cloth filters, halogen beam heaters and alcohol burners."


def sku(team: str) -> str:
    return team.upper()


def people(team: str) -> tuple[str, ...]:
    """Return the addresses of a team, who is asked first first."""
    return tuple(person.email for person in TEAMS[team])


def write(path: Path, *, hold: str = "") -> Path:
    """Write the shop's file, perhaps with a `hold` on every answer, and return where it is."""
    text = (ROOT / "undivided.yaml").read_text(encoding="utf-8")
    teams = "".join(_team(team, members) for team, members in TEAMS.items())
    mail = _person(BY_MAIL, f"    about: >\n      {ABOUT_BY_MAIL}\n")
    products = "".join(
        f'  - {{sku: {sku(team)}, title: "Cabinet {team}", category: Cabinet {team}, price: {PRICE},'
        f' url: "https://shop.example/p/{team}"}}\n'
        for team in TEAMS
    )
    text = text.replace("\nspecialists:\n", f"\nexplore: false\nspecialists:\n{teams}{mail}", 1)
    text = text.replace("\npace:\n", f"\npace:\n  hold: {hold}\n", 1) if hold else text
    path.write_text(text.replace("\nproducts:\n", f"\nproducts:\n{products}", 1), encoding="utf-8")
    return path


def _team(team: str, members: tuple[Person, ...]) -> str:
    category = f"    products:\n      categories: [Cabinet {team}]\n"
    first = f"{category}      skus: [{sku(team)}]\n"
    return _person(members[0], first) + "".join(_person(one, category) for one in members[1:])


def _person(person: Person, more: str) -> str:
    name = f"{person.id.capitalize()} Example"
    return (
        f"  {person.id}:\n    name: {name}\n    email: {person.email}\n"
        f"    languages: [{person.languages}]\n    hours: always\n{more}"
    )
