"""A router's process on a large desk: what it holds, and how long it takes until and for a decision.

    python tests/bench/large_desk.py FILE     # writes what 100,000 past questions of 300 specialists leave, if FILE is missing,
                                              # reads it in a fresh process as the router does, and prints one JSON object

Times are multiples of the yardstick of `routing_speed.py`, run in turn with what is measured; `peak_mb` is that of the
process, with boto3 and the handler in it.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "layers" / "undivided"), str(ROOT / "tests")]

from bench.routing_speed import WHEN, desk, spent, text, vocabulary  # noqa: E402 - run from a checkout
from undivided.expertise.asked import Asked  # noqa: E402
from undivided.expertise.features import asked_features  # noqa: E402
from undivided.expertise.learned import MOST_REMEMBERED, Learned  # noqa: E402
from undivided.expertise.memory import LIMIT  # noqa: E402
from undivided.expertise.model import Model  # noqa: E402
from undivided.expertise.ranking import rank  # noqa: E402
from undivided.expertise.taught import Taught  # noqa: E402
from undivided.values import SpecialistId  # noqa: E402

SPECIALISTS, QUESTIONS = 300, 100_000
DECISIONS, LOADS = 60, 5


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


def measured(packed: bytes) -> dict[str, float]:
    """Do what a router does after a cold start: import, read what is learned, decide; and then decide again."""
    sys.path.insert(0, str(ROOT / "functions" / "router"))
    __import__("handler")
    import boto3

    boto3.client("dynamodb", region_name="eu-central-1")
    chance = random.Random(8)
    words = vocabulary(chance)
    shop = desk(SPECIALISTS, chance, words)
    loads = [spent(lambda: Learned.load(packed)) / yardstick() for _ in range(LOADS)]
    model = Learned.load(packed).model

    def decide(model: Model) -> float:
        asked = Asked(text(chance, words, chance.randrange(SPECIALISTS), 12), "en")
        return spent(lambda: rank(asked, shop, model)) / yardstick()

    first = decide(model)
    return {
        "load": median(loads),
        "first": first,
        "decision": median(decide(model) for _ in range(DECISIONS)),
        "peak_mb": _peak(),
        "state_mb": len(packed) / 1e6,
    }


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
        print(json.dumps(measured(Path(given[1]).read_bytes())))
        return
    file = Path(given[0])
    if not file.exists():
        file.write_bytes(state(QUESTIONS).dump())
    print(json.dumps({name: round(value, 2) for name, value in fresh(file).items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
