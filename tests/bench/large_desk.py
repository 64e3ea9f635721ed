"""A router's process on a large desk: what it holds, and how long it takes until and for a decision.

    python tests/bench/large_desk.py FILE     # writes what 100,000 past questions of 300 specialists leave, if FILE is missing,
                                              # reads it in a fresh process as the router does, and prints one JSON object

Times are multiples of the yardstick of `routing_speed.py`, run in turn with what is measured; `peak_mb` is that of the
process, with boto3, the handler and a reading of newer states in it.
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "layers" / "undivided"), str(ROOT / "tests")]

from bench.routing_speed import WHEN, desk, spent, text, vocabulary  # noqa: E402 - run from a checkout
from undivided.aws.learnedstore import FRESH_FOR, LearnedStore  # noqa: E402
from undivided.expertise.asked import Asked  # noqa: E402
from undivided.expertise.features import asked_features  # noqa: E402
from undivided.expertise.learned import MOST_REMEMBERED, Learned  # noqa: E402
from undivided.expertise.memory import LIMIT  # noqa: E402
from undivided.expertise.ranking import rank  # noqa: E402
from undivided.expertise.taught import Taught  # noqa: E402
from undivided.values import SpecialistId  # noqa: E402

SPECIALISTS, QUESTIONS = 300, 100_000
DECISIONS, LOADS = 20, 5


def state(questions: int) -> Learned:
    """Learn the newest as ever; of all older ones only what is left of them, the sums."""
    chance, learned = random.Random(7), Learned()
    words, model = vocabulary(chance), learned.model
    for number in range(questions):
        who = int(SPECIALISTS * chance.random() ** 1.5)
        asked, one = Asked(text(chance, words, who, 12), "en"), SpecialistId(f"s{who}")
        if number < questions - LIMIT:
            model._sum(asked_features(asked), one, 1.0, 1.0)
            continue
        model.learn(asked, one, 1.0, WHEN, fit=0.5)
        if len(learned.taught) < MOST_REMEMBERED:
            learned.taught[f"{chance.getrandbits(48):012x}"] = Taught(one, 1.0, WHEN)
    return learned


def yardstick() -> float:
    return spent(lambda: sum(range(1_000_000)))


def measured(file: Path) -> dict[str, float]:
    """Do what a router does: import, read what is learned, decide, decide again, and read what is newer a minute later."""
    sys.path.insert(0, str(ROOT / "functions" / "router"))
    __import__("handler")
    import boto3

    boto3.client("dynamodb", region_name="eu-central-1")
    chance = random.Random(8)
    words = vocabulary(chance)
    shop = desk(SPECIALISTS, chance, words)
    minutes = iter(range(LOADS))
    store = LearnedStore(Written(file), lambda: WHEN + next(minutes) * FRESH_FOR)

    def decide() -> float:
        asked = Asked(text(chance, words, chance.randrange(SPECIALISTS), 12), "en")
        return spent(lambda: rank(asked, shop, store._known.model)) / yardstick()

    loads, firsts, decisions = [], [], []
    for _ in range(LOADS):
        loads.append(spent(store.current) / yardstick())
        firsts.append(decide())
        decisions += [decide() for _ in range(DECISIONS)]
    return {
        "load": median(loads),
        "first": firsts[0],
        "decision": median(decisions),
        "peak_mb": _peak(),
        "state_mb": file.stat().st_size / 1e6,
    }


class Written:
    """A bucket whose object is written anew each minute: the same state with something behind it that says nothing."""

    def __init__(self, file: Path) -> None:
        self._file, self._times = file, 0

    def get(self, _key: str) -> bytes:
        self._times += 1
        return self._file.read_bytes() + self._times * gzip.compress(b"")

    def put(self, key: str, data: bytes, content_type: str) -> None:
        raise NotImplementedError


def _peak() -> float:
    """Return the most memory that this process ever held; getrusage would count its parent's before the exec."""
    with Path("/proc/self/status").open() as status:
        return next(int(one.split()[1]) / 1024 for one in status if one.startswith("VmHWM"))


def fresh(file: Path) -> dict[str, float]:
    """Measure in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--read", str(file)], capture_output=True, text=True, check=True, timeout=250
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main(*given: str) -> None:
    if given[0] == "--read":
        print(json.dumps(measured(Path(given[1]))))
        return
    file = Path(given[0])
    if not file.exists():
        file.write_bytes(state(QUESTIONS).dump())
    print(json.dumps({name: round(value, 2) for name, value in fresh(file).items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
