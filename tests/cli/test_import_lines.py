"""`import` of deals of which each row is a line: products found or made, rows of one outside id joined."""

import csv
import json
from pathlib import Path

import pytest

MAPS = ("--map", "Товар=item.product", "--map", "Цена=item.price", "--map", "Количество=item.quantity")
HEADER = "ID,Название сделки,Сумма,Валюта,Товар,Цена,Количество"


@pytest.fixture
def bring(workspace: Path, crm):
    """Import deals out of these lines."""

    def bring(*lines: str, options: tuple[str, ...] = ()):
        Path("rows.csv").write_text("\n".join([HEADER, *lines]) + "\n", "utf-8")
        return crm("import", "deals", "rows.csv", "--pipeline", "retail", *MAPS, *options)

    return bring


def lines_of(crm, record_id: str) -> list[str]:
    record = json.loads(crm("export", "deals", "-", "-o", "json", "--where", f"id = {record_id}").out)[0]
    return record["items"]


def test_rows_of_one_outside_id_are_lines_of_one_deal(crm, bring) -> None:
    ran = bring("7,Sale,3500,UAH,Стол,1000.00,2", "8,Other,,,стол,900.50,", "7,,,,Стул,500,3")
    assert ran.code == 0
    assert ran.err.splitlines()[-1] == (
        "R-1: 2 rows: 2 created, 2 products created with them (undo: crmctl undo R-1)"
    )
    assert lines_of(crm, "D-1") == ["P-1 2 x 1000.00 UAH", "P-2 3 x 500.00 UAH"]
    assert lines_of(crm, "D-2") == ["P-1 1 x 900.50 UAH"]
    products = json.loads(crm("list", "products", "-o", "json").out)
    assert [(each["title"], each["price"]) for each in products] == [("Стол", "1000.00"), ("Стул", "500.00")]


def test_a_known_product_has_its_price_where_a_row_has_none(crm, bring) -> None:
    crm("create", "product", "Стол", "-s", "price=70 USD", "-s", "external_id=S1", "-q")
    assert bring("7,Sale,,,Стол,,2", "8,Other,,,S1,,", "9,Third,,,P-1,,").code == 0
    assert [lines_of(crm, each) for each in ("D-1", "D-2", "D-3")] == [
        ["P-1 2 x 70.00 USD"],
        ["P-1 1 x 70.00 USD"],
        ["P-1 1 x 70.00 USD"],
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("7,Sale,,,Стол,,2", '"Стол" has no price'),
        ("7,Sale,,,,10,2", "a price, but no product"),
        ("7,Sale,,,Стол,ten,2", 'item.price "ten": not an amount of money'),
        ("7,Sale,,,Стол,10,0", 'item.quantity "0": a quantity is more than 0'),
        ("7,Sale,,,P-9,10,1", "P-9 does not exist"),
        ("7,Sale,,USD,Стол,10 UAH,1", "is in UAH, but the currency of its row is USD"),
    ],
)
def test_a_line_that_is_none_rejects_its_deal(crm, bring, row: str, told: str) -> None:
    ran = bring(row, "8,Good,,,Стул,10,1", options=("--partial",))
    assert told in ran.err
    assert ran.code == 7
    assert crm("list", "products", "--count").out == "1\n"


def test_noughts_in_the_place_of_a_line_are_none(crm, bring) -> None:
    assert bring('7,Sale,,,,"0,00",1').code == 0
    assert json.loads(crm("show", "D-1", "-o", "json").out).get("items") is None


def test_rows_of_one_deal_that_differ_are_rejected_together_and_come_back_together(crm, bring) -> None:
    ran = bring(
        "7,Sale,,,Стол,10,1",
        "8,Good,,,Стул,10,1",
        "7,Sold,,,Стул,10,1",
        options=("--partial", "--rejects", "bad.csv"),
    )
    assert ran.code == 7
    assert "2 rows: 1 created, 1 rejected" in ran.err
    with Path("bad.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["Название сделки"], row["_line"]) for row in rows] == [("Sale", "2"), ("Sold", "4")]
    assert "line 4 is of the same deal as line 2, but has another title" in rows[0]["_error"]
    Path("bad.csv").write_text(Path("bad.csv").read_text("utf-8").replace("Sold", "Sale"), "utf-8")
    assert crm("import", "deals", "bad.csv", "--pipeline", "retail", *MAPS).code == 0
    assert lines_of(crm, "D-2") == ["P-2 1 x 10.00 UAH", "P-1 1 x 10.00 UAH"]


def test_the_same_lines_twice_change_nothing_and_undo_takes_them_back(workspace: Path, crm, bring) -> None:
    rows = ("7,Sale,,,Стол,10,1", "7,Sale,,,Стул,20,2")
    assert bring(*rows).code == 0
    before = (workspace / "crm.json").read_bytes()
    for mode in ("skip", "update", "fill"):
        ran = bring(*rows, options=("--on-duplicate", mode))
        assert ran.err.splitlines()[-1] == "nothing to do: 1 row: 1 unchanged"
    assert (workspace / "crm.json").read_bytes() == before
    assert crm("undo", "R-1", "--yes").code == 0
    assert crm("list", "products", "--count").out == "0\n"


def test_update_writes_the_lines_anew_and_skip_makes_no_product(crm, bring) -> None:
    bring("7,Sale,,,Стол,10,1")
    assert "1 skipped" in bring("7,Sale,,,Шкаф,10,1").err
    assert crm("list", "products", "--count").out == "1\n"
    ran = bring("7,Sale,,,Шкаф,30,2", options=("--on-duplicate", "update"))
    assert "1 updated, 1 product created with them" in ran.err
    assert lines_of(crm, "D-1") == ["P-2 2 x 30.00 UAH"]


def test_the_plan_names_the_products(crm, bring) -> None:
    ran = bring("7,Sale,,,Стол,10,1", "7,Sale,,,Стул,10,1", options=("-n", "-o", "json"))
    found = json.loads(ran.out)
    assert found["linked"] == {"product": {"created": 2, "updated": 0}}
    assert [(link["record"], link["action"]) for link in found["plan"][0]["links"]] == [
        ("product", "create"),
        ("product", "create"),
    ]


def test_a_product_that_may_be_several_is_told_at_its_cell(crm, bring) -> None:
    for _ in range(2):
        assert crm("create", "product", "Стол", "-s", "price=1", "--allow-duplicate").code == 0
    ran = bring("7,Sale,,,стол,10,1")
    assert '"стол" is the title of P-1, P-2' in ran.err
