"""The catalogue as a CSV file."""

from __future__ import annotations

import pytest
from shopfiles import EXAMPLE, read
from undivided.config import Product
from undivided.shopjson import shop_from
from undivided.values import Money

CSV = (
    EXAMPLE[: EXAMPLE.index("products:\n  - {")]
    + "products: stock/catalogue.csv\n"
    + EXAMPLE[EXAMPLE.index("\npace:") :]
)
HEADER = "sku,title,category,brand,price,url\n"
ROWS = (
    'DUO-2,"Duo 2, dual boiler",Espresso machines,Vulcana,1649.00 EUR,https://shop.example/p/duo-2\n\n'
    "GRIND-64,Grind 64,Grinders,Hollow,,\nNERO,Nero,Beans,,27.90 EUR,\nMOKA-6,Moka pot,Accessories,,,\nG-58,Gasket,Spare parts,,,\n"
)


def with_csv(folder, text):
    (folder / "stock").mkdir()
    (folder / "stock" / "catalogue.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(folder, CSV)


@pytest.mark.parametrize(
    "text", [HEADER + ROWS, "\ufeff" + (HEADER + ROWS).replace("\n", "\r\n")], ids=["plain", "excel"]
)
def test_a_catalogue_from_csv(tmp_path, text):
    found = with_csv(tmp_path, text)
    assert found.problems == ()
    products = shop_from(found.shop).products
    assert products["DUO-2"] == Product(
        "DUO-2",
        "Duo 2, dual boiler",
        "Espresso machines",
        "Vulcana",
        Money.read("1649.00 EUR"),
        "https://shop.example/p/duo-2",
    )
    assert products["GRIND-64"] == Product("GRIND-64", "Grind 64", "Grinders", "Hollow")


def test_a_catalogue_with_semicolons_as_some_spreadsheets_write_it(tmp_path):
    found = with_csv(tmp_path, "SKU;Title;Price\nDUO-2;Duo 2, dual boiler;1649 EUR\n")
    assert shop_from(found.shop).products["DUO-2"] == Product(
        "DUO-2", "Duo 2, dual boiler", price=Money.read("1649 EUR")
    )


WRONG_CSV = [
    ("sku,titel\nA,B\n", 1, 'unknown column "titel"; did you mean "title"?'),
    ("title\nB\n", 1, "there is no column sku; write the columns in the first line: sku,title"),
    ("sku,title,sku\nA,B,C\n", 1, 'the column "sku" stands twice'),
    ("", 1, "there is no column sku and no title"),
    (HEADER + "A,B,C,D,1649,\n", 2, "price: 1649 names no currency; write 1649 EUR"),
    (HEADER + "A,,,,,\n", 2, '"title" is empty; every product needs one'),
    (HEADER + "A,B, C\n", 2, "3 cells where the first line names 6"),
    (HEADER + ROWS + "DUO-2,Again,,,,\n", 8, 'the sku "DUO-2" stands in line 2 already'),
    (HEADER + "A,B,,,,shop.example\n", 2, "url: 'shop.example' is not a web address"),
    (HEADER + 'A,"B,,,,\n', 2, "the quotes do not match"),
    (b"sku,title\nA,B\nC,\xe4\n", 3, "not UTF-8"),
]


@pytest.mark.parametrize(("text", "line", "piece"), WRONG_CSV, ids=[one[2][:40] for one in WRONG_CSV])
def test_a_mistake_in_the_catalogue_is_named_at_its_own_line(tmp_path, text, line, piece):
    errors = with_csv(tmp_path, text).errors
    assert [(one.file, one.line) for one in errors] == [(str(tmp_path / "stock" / "catalogue.csv"), line)]
    assert piece in errors[0].words


def test_a_catalogue_that_is_not_there(tmp_path):
    (problem,) = read(tmp_path, CSV).errors
    assert problem.file == str(tmp_path / "stock" / "catalogue.csv")
    assert "cannot be read" in problem.words


def test_a_catalogue_must_be_csv(tmp_path):
    (problem,) = read(tmp_path, CSV.replace("catalogue.csv", "catalogue.xlsx")).errors
    assert "write something like catalogue.csv" in problem.words
