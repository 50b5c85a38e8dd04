"""What a profile of one's own may say of columns and rows, beyond where they go."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Listed = Callable[..., list[dict[str, Any]]]
HEAD = "version: 1\nprofile: mine\nrecord: company\n"


@pytest.fixture
def imported(workspace: Path, crm) -> Callable[..., Any]:
    """Import companies from cells by a profile of one's own."""

    def imported(profile: str, cells: str, *options: str) -> Any:
        Path("mine.yaml").write_text(HEAD + profile, "utf-8")
        Path("in.csv").write_text(cells, "utf-8")
        return crm("import", "companies", "in.csv", "--profile", "mine.yaml", *options)

    return imported


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("5M", "5000000.00 UAH"),
        ("$500M", "500000000.00 USD"),
        ("$2.5 b", "2500000000.00 USD"),
        ("900K", "900000.00 UAH"),
        ("1250.5", "1250.50 UAH"),
    ],
)
def test_letters_behind_a_number_are_factors_where_the_profile_says_so(
    imported, listed: Listed, cell: str, amount: str
) -> None:
    factors = "{K: 1000, M: 1000000, B: 1000000000}"
    profile = f"columns:\n  Name: title\n  Revenue: {{field: annual_revenue, factors: {factors}}}\n"

    assert imported(profile, f"Name,Revenue\nA,{cell}\n").code == 0
    assert listed("companies", "annual_revenue") == [{"annual_revenue": amount}]


@pytest.mark.parametrize("cell", ["5MM", "5 Mio", "1,5M", "-M", "M5"])
def test_what_is_no_number_with_such_a_letter_is_rejected(imported, cell: str) -> None:
    profile = "columns:\n  Name: title\n  Revenue: {field: annual_revenue, factors: {M: 1000000}}\n"
    ran = imported(profile, f'Name,Revenue\nA,"{cell}"\n')

    assert ran.code == 1
    assert f'Revenue "{cell}"' in ran.err or f'"{cell}"' in ran.err


def test_without_factors_letters_are_no_part_of_a_number(imported) -> None:
    assert imported("columns: {Name: title, Revenue: annual_revenue}\n", "Name,Revenue\nA,5M\n").code == 1


def test_a_column_gives_way_to_a_more_exact_one(imported, listed: Listed) -> None:
    profile = "columns:\n  Name: title\n  Site: website\n  Domain: {field: website, unless: [Site]}\n"
    cells = "Name,Domain,Site\nA,a.example,https://www.a.example\nB,b.example,\nC,,\n"

    assert imported(profile, cells).code == 0
    assert listed("companies", "website") == [
        {"website": "https://www.a.example"},
        {"website": "b.example"},
        {},
    ]


def test_a_column_may_count_only_in_rows_of_a_kind(imported, listed: Listed) -> None:
    profile = "columns:\n  Name: title\n  Kind: '-'\n  Code: [external_id, {field: comment, when: {Kind: [Old, '']}}]\n"

    assert imported(profile, "Name,Kind,Code\nA,new,1\nB,OLD,2\nC,,3\n").code == 0
    assert listed("companies", "external_id", "comment") == [
        {"external_id": "1"},
        {"external_id": "2", "comment": "2"},
        {"external_id": "3", "comment": "3"},
    ]


def test_rows_of_another_kind_are_passed_over_and_counted(imported, listed: Listed) -> None:
    profile = "only: {Kind: [company, '']}\ncolumns: {Name: title, Kind: '-'}\n"
    ran = imported(profile, "Name,Kind\nA,Company\nB,person\nC,\nD,Person\n", "--rejects", "bad.csv")

    assert ran.code == 0
    assert 'in.csv: 2 rows passed over by "Kind"' in ran.err
    assert "columns passed over" not in ran.err
    assert "2 rows: 2 created" in ran.err
    assert listed("companies", "title") == [{"title": "A"}, {"title": "C"}]
    assert not Path("bad.csv").exists()


def test_a_file_without_the_column_that_tells_rows_apart_is_read_whole(imported) -> None:
    ran = imported("only: {Kind: [company]}\ncolumns: {Name: title}\n", "Name\nA\nB\n")

    assert "2 rows: 2 created" in ran.err


def test_values_in_json_are_read_each_as_a_value(imported, listed: Listed) -> None:
    profile = "columns: {Name: title, Mails: {field: email, json: value}}\n"
    cells = 'Name,Mails\nA,"[{""value"": ""a@x.example""}, {""value"": ""b@x.example""}]"\nB,[]\n'

    assert imported(profile, cells).code == 0
    assert listed("companies", "email") == [{"email": ["a@x.example", "b@x.example"]}, {}]


def test_json_of_another_shape_is_rejected_with_its_column(imported) -> None:
    ran = imported(
        "columns: {Name: title, Mails: {field: email, json: value}}\n", 'Name,Mails\nA,"[{""v"": 1}]"\n'
    )

    assert ran.code == 1
    assert "line 2: Mails" in ran.err


def test_a_field_that_is_not_here_is_never_replaced_by_one_that_means_something_else(
    crm, workspace: Path
) -> None:
    header = "Lead ID,Last Name,Title,Company,Lead Status,Lead Owner"
    Path("in.csv").write_text(f"{header}\n1,Okafor,CTO,Lagoon,,\n", "utf-8")
    ran = crm("import", "leads", "in.csv")

    assert "in.csv: columns passed over: Title" in ran.err
    assert '"title": "Okafor"' in crm("show", "L-1", "-o", "json").out
