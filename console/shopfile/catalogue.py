"""The product catalogue from a CSV file, checked line by line: sku, title, category, brand, price, url."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from undivided.values import Unusable

from console.shopfile import written
from console.shopfile.problems import Problem, instead, nearest

COLUMNS = ("sku", "title", "category", "brand", "price", "url")
_NEEDED = COLUMNS[:2]
_READERS: dict[str, Callable[[str], object]] = {"price": written.money, "url": written.link}
Row = dict[str, str]


def read(path: Path, name: str) -> tuple[list[tuple[int, Row]], list[Problem]]:
    """Return the sound rows with their lines, and what is wrong with the others; `name` stands before each problem."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        return [], [
            Problem(name, 1, f"cannot be read ({error.strerror}); the path is relative to the configuration file")
        ]
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return [], [Problem(name, line, "this is not UTF-8; export the catalogue as CSV UTF-8")]
    return _rows(text, name)


def _rows(text: str, name: str) -> tuple[list[tuple[int, Row]], list[Problem]]:
    header, _, _ = text.partition("\n")
    reader = csv.reader(text.splitlines(keepends=True), delimiter=max(",;\t", key=header.count), strict=True)
    rows: list[tuple[int, Row]] = []
    problems: list[Problem] = []
    try:
        columns = [one.strip().casefold() for one in next(reader, [])]
        problems += [Problem(name, 1, words) for words in _header(columns)]
        for cells in reader if not problems else ():
            row, wrong = _row(columns, cells)
            problems += [Problem(name, reader.line_num, words) for words in wrong]
            rows += [(reader.line_num, row)] if row and not wrong else []
    except csv.Error as error:
        problems.append(
            Problem(name, reader.line_num, f"the quotes do not match ({error}); double each quote in a text")
        )
    return rows, problems


def _header(columns: list[str]) -> Iterator[str]:
    for one in columns:
        if one not in COLUMNS:
            yield f'unknown column "{one[:80]}"; {instead(one, COLUMNS)}'
        elif columns.count(one) > 1:
            yield f'the column "{one}" stands twice; keep one of them'
    unknown = [one for one in columns if one not in COLUMNS]
    missing = [one for one in _NEEDED if one not in columns and not nearest(one, unknown)]
    if missing:
        yield f"there is no column {' and no '.join(missing)}; write the columns in the first line: {','.join(COLUMNS)}"


def _row(columns: list[str], cells: list[str]) -> tuple[Row, list[str]]:
    """Return one row without its empty cells, and what is wrong with it; an empty line is no row."""
    if not any(cell.strip() for cell in cells):
        return {}, []
    if len(cells) != len(columns):
        return {}, [
            f"{len(cells)} cells where the first line names {len(columns)}; quote a text that holds the separator"
        ]
    row = {column: cell.strip() for column, cell in zip(columns, cells, strict=True) if cell.strip()}
    wrong = [f'"{one}" is empty; every product needs one' for one in _NEEDED if one not in row]
    for column, cell in row.items():
        try:
            _READERS.get(column, written.line)(cell)
        except Unusable as error:
            wrong.append(f"{column}: {error}")
    return row, wrong
