"""Whose mailboxes the demo shows: the owner and the specialists of `undivided.yaml`, and everybody who writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SHOPPER = ("Anna Schmidt", "anna@mail.example")
"""A shopper to begin with; the form takes any address, and its mailbox then appears by itself."""


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    address: str
    """In lower case."""
    role: str
    """`shopper`, `specialist` or `owner`."""


@dataclass(frozen=True, slots=True)
class People:
    """Everybody known by name; anybody else is a shopper."""

    known: tuple[Person, ...]

    def find(self, address: str) -> Person:
        wanted = address.lower()
        return next((one for one in self.known if one.address == wanted), Person("", wanted, "shopper"))


def people_of(shop: dict[str, Any]) -> People:
    """Read the people of `undivided.yaml`."""
    specialists = [Person(one["name"], one["email"].lower(), "specialist") for one in shop["specialists"].values()]
    owner = Person(f"Owner of {shop['name']}", shop["owner"].lower(), "owner")
    return People((Person(*SHOPPER, "shopper"), *specialists, owner))
