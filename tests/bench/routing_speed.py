"""Measure one decision, learning and loading on large desks, as multiples of a fixed piece of plain Python.

    python tests/bench/routing_speed.py [--specialists 300] [--answers 100000]

Processor time, the yardstick (`sum(range(1_000_000))`) run between the measured calls, the median of many. Memory is that of
this whole process at the end.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "layers" / "undivided")]

from undivided.config import Hours, Shop, Specialist  # noqa: E402 - run from a checkout
from undivided.expertise.asked import Asked  # noqa: E402
from undivided.expertise.model import Model  # noqa: E402
from undivided.expertise.ranking import rank  # noqa: E402
from undivided.values import Address, SpecialistId  # noqa: E402

WORDS = 6_000
WHEN = datetime(2026, 1, 1, tzinfo=UTC)
CATEGORY = 20
"""Specialists of one category on the very large desk."""


def spent(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def ratio(work: Callable[[], object], times: int) -> float:
    """Return the median of `work` ÷ the yardstick, each pair run side by side."""
    return median(spent(work) / spent(lambda: sum(range(1_000_000))) for _ in range(times))


def vocabulary(chance: random.Random) -> list[str]:
    letters = "etaoinshrdlu"
    return ["".join(chance.choices(letters, k=chance.randint(4, 9))) for _ in range(WORDS)]


def text(chance: random.Random, words: list[str], about: int, several: int) -> str:
    """Write some words, half of them of one field, the rest common ones, as people's questions are."""
    own = [words[(about * 37 + chance.randint(0, 40)) % WORDS] for _ in range(several // 2)]
    return " ".join([*own, *(words[int(WORDS * chance.random() ** 3)] for _ in range(several - len(own)))])


def desk(count: int, chance: random.Random, words: list[str]) -> Shop:
    people = {}
    for number in range(count):
        one = SpecialistId(f"s{number}")
        about = "; ".join(text(chance, words, number, 4) for _ in range(4))
        owned = frozenset({f"category {number // CATEGORY}"})
        people[one] = Specialist(
            one, one, Address(f"{one}@x.example"), Hours("UTC", ()), ("en",), about, categories=owned
        )
    owner = Address("o@x.example")
    return Shop("Large", "", owner, "ask.x.example", "UTC", ("en",), "EUR", people, SpecialistId("nobody"))


def taught(count: int, answers: int, chance: random.Random, words: list[str]) -> Model:
    model = Model.new()
    for _ in range(answers):
        who = int(count * chance.random() ** 1.5)
        model.learn(Asked(text(chance, words, who, 12), "en"), SpecialistId(f"s{who}"), 1.0, WHEN, fit=0.5)
    return model


def main() -> None:
    read = argparse.ArgumentParser(description="Measure routing on large desks.")
    read.add_argument("--specialists", type=int, default=300)
    read.add_argument("--answers", type=int, default=100_000)
    read.add_argument("--times", type=int, default=60)
    given = read.parse_args()
    chance = random.Random(7)
    words = vocabulary(chance)
    shop = desk(given.specialists, chance, words)
    packed = taught(given.specialists, given.answers, chance, words).dump()
    print(f"{given.specialists} specialists, {given.answers} past questions, state {len(packed) / 1e6:.2f} MB")
    print(f"load      {ratio(lambda: Model.load(packed), 7):6.2f}")
    model = Model.load(packed)
    numbers = iter(range(1_000_000))
    several = given.specialists

    def decide(shop: Shop, category: str = "") -> None:
        number = next(numbers) % several
        rank(Asked(text(chance, words, number, 12), "en", category=category), shop, model)

    decide(shop)
    print(f"decision  {ratio(lambda: decide(shop), given.times):6.2f}")
    print(f"memory    {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:6.0f} MB at the most")
    huge = desk(10_000, chance, words)
    rank(Asked("hello", "en", category="category 1"), huge, model)
    places = iter(range(1, 1_000_000))
    fresh = ratio(lambda: decide(huge, f"category {next(places) % 400}"), given.times)
    again = ratio(lambda: decide(huge, "category 5"), given.times)
    print(f"10,000 specialists by category: {fresh:.2f} asked about for the first time, {again:.2f} again")


if __name__ == "__main__":
    main()
