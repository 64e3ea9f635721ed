"""`make bench`: the search for earlier answers at 100,000 of them, and what they weigh; written into docs/knowledge.md.

Questions are made of words as people use them: few everywhere, most hardly ever (Zipf), 6 to 40 a question, about 2,000
products of which a few are asked about most. Times are ratios to hashing 10 MB with SHA-256, which Lambda's processors do
about as fast as others.
"""

from __future__ import annotations

import hashlib
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

from undivided.knowledge.index import Index, Wanted
from undivided.knowledge.segment import EMPTY, Indexed, Segment, as_id
from undivided.knowledge.shelf import MOST_RECENT

PAGE = Path(__file__).resolve().parents[2] / "docs" / "knowledge.md"
MARK = "<!-- measured: written by `make bench` -->"
ANSWERS = 100_000
WORDS, PRODUCTS, SEARCHES = 60_000, 2_000, 300


class Made:
    """Synthetic answers and questions, always the same."""

    def __init__(self) -> None:
        self.chance = random.Random(20260504)
        self.words = [self.chance.getrandbits(32) for _ in range(WORDS)]
        self.often = list(accumulate(1 / (place + 3) for place in range(WORDS)))
        self.products = [self.chance.getrandbits(32) for _ in range(PRODUCTS)]

    def question(self) -> list[int]:
        said = self.chance.choices(self.words, cum_weights=self.often, k=self.chance.randint(6, 40))
        return list(dict.fromkeys(said))

    def product(self) -> int:
        return self.products[min(int(self.chance.expovariate(1 / 150)), PRODUCTS - 1)]

    def answers(self, first: int, count: int) -> list[Indexed]:
        return [Indexed(as_id(at), at, (*self.question(), self.product())) for at in range(first, first + count)]


def measured() -> dict[str, str]:
    """Return each finding by its name."""
    made, unit = Made(), _unit()
    base = Segment.build(made.answers(1, ANSWERS)).data
    recent = Segment.build(made.answers(ANSWERS + 1, MOST_RECENT)).data
    tracemalloc.start()
    whole = bytes(bytearray(base))
    index = Index.of(Segment.load(whole), Segment.load(recent), frozenset())
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    searches = sorted(_search(index, made) for _ in range(SEARCHES))
    loading = _median(lambda: Index.of(Segment.load(base), Segment.load(recent), frozenset()))
    merging = _median(lambda: Segment.load(base).merged(Segment.load(recent), frozenset()), times=3)
    few = Index.of(EMPTY, Segment.load(recent), frozenset())
    small = sorted(_search(few, made) for _ in range(SEARCHES))
    return {
        "one search, median": f"{searches[SEARCHES // 2] / unit:.2f} ({searches[SEARCHES // 2] * 1e3:.1f} ms here)",
        "one search, the slowest of 300": f"{searches[-1] / unit:.2f} ({searches[-1] * 1e3:.1f} ms here)",
        f"the same among {MOST_RECENT}, median": f"{small[SEARCHES // 2] / unit:.2f}",
        "taking in the bytes that were fetched": f"{loading / unit:.2f} ({loading * 1e3:.1f} ms here)",
        f"merging {MOST_RECENT} into them": f"{merging / unit:.1f} ({merging:.1f} s here)",
        "bytes of the large part": f"{len(base) / 1e6:.1f} MB, {len(base) / ANSWERS:.0f} an answer",
        "bytes of the small part": f"{len(recent) / 1e6:.2f} MB",
        "memory that a reader holds": f"{held / 1e6:.1f} MB",
    }


def _search(index: Index, made: Made) -> float:
    wanted = Wanted(made.question(), made.product())
    return _timed(lambda: index.search(wanted, 4))


def _unit() -> float:
    content = b"x" * 10_000_000
    return _median(lambda: hashlib.sha256(content).digest())


def _median(work: Callable[[], object], times: int = 7) -> float:
    found: Sequence[float] = sorted(_timed(work) for _ in range(times))
    return found[times // 2]


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> int:
    rows = "\n".join(f"| {name} | {value} |" for name, value in measured().items())
    table = f"| at {ANSWERS:,} answers | processor time over that of hashing 10 MB |\n|---|---|\n{rows}\n"
    PAGE.write_text(f"{PAGE.read_text('utf-8').partition(MARK)[0]}{MARK}\n\n{table}", "utf-8")
    print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
