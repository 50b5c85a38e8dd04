"""Lines of a deal: products with quantity and price, and the amount that follows them."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def deal(workspace: Path, crm) -> str:
    crm("create", "product", "Кофемашина", "-s", "price=12000", "-s", "unit=шт")
    crm("create", "product", "Зерно", "-s", "price=350.50 UAH")
    crm("create", "product", "Grinder", "-s", "price=90 USD")
    crm("create", "product", "Монтаж")
    crm("create", "deal", "Кафе", "--pipeline", "wholesale")
    return "D-1"


def shown(crm, record: str = "D-1") -> dict[str, object]:
    found = json.loads(crm("show", record, "-o", "json").out)
    assert isinstance(found, dict)
    return found


def money(crm) -> str | None:
    found = shown(crm)
    return f"{found['amount']} {found['currency']}" if "amount" in found else None


def test_a_line_takes_the_price_of_the_catalogue_and_the_amount_follows(deal: str, crm) -> None:
    ran = crm("item", "add", deal, "P-1", "--quantity", "2")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith('D-1 "Кафе": items = P-1 2 x 12000.00 UAH, amount = 24000.00')
    crm("item", "add", deal, "P-2", "--quantity", "1.5")
    assert shown(crm)["items"] == ["P-1 2 x 12000.00 UAH", "P-2 1.5 x 350.50 UAH"]
    assert money(crm) == "24525.75 UAH"


def test_more_of_the_same_at_the_same_price_is_one_line(deal: str, crm) -> None:
    for price in ((), (), ("--price", "11000"), ("--price", "12 000,00 UAH")):
        crm("item", "add", deal, "P-1", *price)
    assert shown(crm)["items"] == ["P-1 3 x 12000.00 UAH", "P-1 1 x 11000.00 UAH"]
    assert money(crm) == "47000.00 UAH"


def test_lines_are_taken_away_whole_in_part_or_by_price(deal: str, crm) -> None:
    crm("item", "add", deal, "P-1", "--quantity", "3")
    crm("item", "add", deal, "P-1", "--price", "11000")
    assert crm("item", "remove", deal, "P-1", "--quantity", "1", "--price", "12000").code == 0
    assert shown(crm)["items"] == ["P-1 2 x 12000.00 UAH", "P-1 1 x 11000.00 UAH"]
    assert crm("item", "remove", deal, "P-1", "--quantity", "4").code == 2
    assert crm("item", "remove", deal, "P-2").code == 4
    assert crm("item", "remove", deal, "P-1").code == 0
    assert ("items" in shown(crm), money(crm)) == (False, None)


def test_an_amount_set_by_hand_stays_until_it_is_emptied(deal: str, crm) -> None:
    crm("item", "add", deal, "P-1")
    crm("update", deal, "-s", "amount=10000")
    crm("item", "add", deal, "P-1")
    assert money(crm) == "10000.00 UAH"
    crm("update", deal, "--unset", "amount")
    assert money(crm) == "24000.00 UAH"
    crm("item", "remove", deal, "P-1", "--quantity", "1")
    assert money(crm) == "12000.00 UAH"


def test_an_amount_given_with_the_lines_is_one_set_by_hand(deal: str, crm) -> None:
    crm("create", "deal", "B", "--pipeline", "wholesale", "-s", "amount=5", "-s", "items=P-1 1 x 7")
    assert shown(crm, "D-2")["amount"] == "5.00"
    crm("create", "deal", "C", "--pipeline", "wholesale", "-s", "items=P-1 1 x 7; P-1 2 x 7")
    assert (shown(crm, "D-3")["items"], shown(crm, "D-3")["amount"]) == (["P-1 3 x 7.00 UAH"], "21.00")


def test_lines_open_the_gate_that_asks_for_an_amount(deal: str, crm, edit) -> None:
    edit("pipelines/wholesale.yaml", "{stage: new,", "{stage: new, require: [amount],")
    assert crm("create", "deal", "B", "--pipeline", "wholesale").code == 1
    assert crm("create", "deal", "B", "--pipeline", "wholesale", "-s", "items=P-1 1 x 7").code == 0
    refused = crm("item", "remove", "D-2", "P-1")
    assert (refused.code, "amount" in refused.err) == (1, True)


def test_lines_of_one_deal_are_in_one_currency(deal: str, crm) -> None:
    crm("item", "add", deal, "P-1")
    refused = crm("item", "add", deal, "P-3")
    assert (refused.code, "is in UAH: a line in USD cannot be added" in refused.err) == (1, True)
    assert crm("item", "add", deal, "P-3", "--price", "3700").code == 0
    assert crm("update", deal, "-s", "items=P-1 1 x 7 UAH; P-3 1 x 9 USD").code == 2
    crm("create", "deal", "US", "--pipeline", "wholesale")
    crm("item", "add", "D-2", "P-3")
    assert (shown(crm, "D-2")["amount"], shown(crm, "D-2")["currency"]) == ("90.00", "USD")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("D-1", "P-9"), 4),
        (("D-9", "P-1"), 4),
        (("D-1", "D-1"), 2),
        (("P-1", "P-1"), 2),
        (("D-1", "P-4"), 2),
        (("D-1", "P-1", "--quantity", "0"), 2),
        (("D-1", "P-1", "--quantity", "-1"), 2),
        (("D-1", "P-1", "--quantity", "many"), 2),
        (("D-1", "P-1", "--quantity", "1.0000001"), 2),
        (("D-1", "P-1", "--price", "-5"), 2),
        (("D-1", "P-1", "--price", "5.001"), 2),
    ],
)
def test_what_makes_no_line_is_refused(deal: str, crm, words: tuple[str, ...], code: int) -> None:
    assert crm("item", "add", *words).code == code
    assert "items" not in shown(crm)


def test_a_card_has_the_lines_in_columns_with_their_total(deal: str, crm) -> None:
    crm("item", "add", deal, "P-1", "--quantity", "2")
    crm("item", "add", deal, "P-4", "--price", "800")
    lines = crm("show", deal).out.splitlines()
    at = lines.index("Items")
    assert lines[at + 1 : at + 4] == [
        "  P-1  Кофемашина  2 x 12000.00 UAH  24000.00 UAH",
        "  P-4  Монтаж      1 x 800.00 UAH      800.00 UAH",
        "                                     24800.00 UAH",
    ]


def test_a_product_in_use_is_deleted_with_a_word_and_the_lines_stay(deal: str, crm) -> None:
    crm("item", "add", deal, "P-1")
    assert "D-1  Кафе  (items)" in crm("show", "P-1").out
    ran = crm("delete", "P-1", "--yes")
    assert (ran.code, "1 record refers to P-1: D-1" in ran.err) == (0, True)
    assert "P-1  (deleted)" in crm("show", deal).out
    assert crm("item", "add", deal, "P-1").code == 4
    assert crm("item", "add", deal, "P-2").code == 0
    assert crm("item", "remove", deal, "P-1").code == 0
    assert money(crm) == "350.50 UAH"


def test_lines_are_undone_with_the_amount(deal: str, crm) -> None:
    crm("item", "add", deal, "P-1")
    assert crm("item", "add", deal, "P-2", "-n").out.splitlines()[-1] == "1 to change"
    crm("item", "add", deal, "P-2")
    crm("undo")
    assert (shown(crm)["items"], money(crm)) == (["P-1 1 x 12000.00 UAH"], "12000.00 UAH")


@pytest.mark.parametrize("name", ["deals.csv", "deals.json", "deals.jsonl", "deals.tsv"])
def test_an_export_carries_the_lines_there_and_back(deal: str, crm, workspace: Path, name: str) -> None:
    crm("item", "add", deal, "P-1", "--quantity", "0.5")
    crm("item", "add", deal, "P-2")
    crm("export", "deals", name)
    assert "1 unchanged" in crm("import", "deals", name).err
    path = workspace / name
    path.write_text(path.read_text("utf-8").replace("P-1 0.5 x", "P-1 1.5 x"), "utf-8")
    assert "1 updated" in crm("import", "deals", name).err
    assert money(crm) == "18350.50 UAH"


def test_deals_are_found_by_what_is_on_them(deal: str, crm) -> None:
    crm("create", "deal", "B", "--pipeline", "wholesale")
    crm("item", "add", deal, "P-1")
    assert crm("list", "deals", "--where", "items has P-1", "-o", "ids").out == "D-1\n"
    assert crm("list", "deals", "--where", "items has P-2", "-o", "ids").out == ""
    assert crm("list", "deals", "--where", "items is empty", "-o", "ids").out == "D-2\n"


def test_quantities_are_kept_without_zeros_at_their_end(deal: str, crm) -> None:
    crm("item", "add", "D-1", "P-1", "--quantity", "1.5")
    crm("item", "add", "D-1", "P-1", "--quantity", "0.5")
    assert shown(crm)["items"] == ["P-1 2 x 12000.00 UAH"]
    crm("item", "add", "D-1", "P-1", "--quantity", "0.75")
    crm("item", "remove", "D-1", "P-1", "--quantity", "0.25")
    assert shown(crm)["items"] == ["P-1 2.5 x 12000.00 UAH"]


def test_lines_of_a_closed_deal_are_changed_with_a_note(deal: str, crm) -> None:
    assert "is closed" not in crm("item", "add", "D-1", "P-1").err
    crm("move", "D-1", "lost", "--reason", "price")
    told = 'note: D-1 "Кафе" is closed: its lines were changed after that\n'
    assert told in crm("item", "add", "D-1", "P-1", "-n").err
    assert told in crm("item", "remove", "D-1", "P-1").err
