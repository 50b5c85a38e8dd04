"""A file of advertising spend."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from crmctl.config.load import load
from crmctl.config.spend import read_spend
from crmctl.errors import NotConfigured, NotFound
from crmctl.reports.spend import Spend

WORKSPACE = """
version: 1
name: Acme
mode: deals
currency: UAH
pipelines: pipelines
spend: spend.csv
"""
SOURCES = "lists: {source: [{id: ads, title: Google Ads, aliases: [adwords]}, {id: fair, title: Выставка}]}\n"
PIPELINE = """
version: 1
pipeline: sales
title: Sales
record: deal
stages:
  - {stage: call, title: Call}
  - {stage: won, title: Won, outcome: won}
  - {stage: lost, title: Lost, outcome: lost}
"""
HEAD = "source,from,to,amount,currency\n"


def read(folder: Path, text: str, lists: str = SOURCES) -> list[Spend]:
    (folder / "crmctl.yaml").write_text(WORKSPACE.lstrip() + lists, "utf-8")
    (folder / "pipelines").mkdir(exist_ok=True)
    (folder / "pipelines" / "sales.yaml").write_text(PIPELINE.lstrip(), "utf-8")
    (folder / "spend.csv").write_text(text, "utf-8")
    configuration = load(folder, use_cache=False).configuration
    assert configuration is not None
    return read_spend(folder, configuration)


def test_a_line_is_an_amount_over_some_days(tmp_path: Path) -> None:
    text = (
        "\ufeffcampaign,source,from,to,amount,currency,by\nautumn,ads,2026-11-01,2026-11-30,300.50,EUR,Anna\n"
    )
    assert read(tmp_path, text) == [
        Spend("ads", date(2026, 11, 1), date(2026, 11, 30), Decimal("300.50"), "EUR", "autumn")
    ]


@pytest.mark.parametrize("name", ["ads", "ADS", "google ads", "AdWords"])
def test_a_source_is_called_as_its_list_calls_it(tmp_path: Path, name: str) -> None:
    (line,) = read(tmp_path, f"{HEAD}{name},2026-11-01,2026-11-30,300,EUR\n")
    assert line.source == "ads"


def test_without_a_list_any_source_is_one(tmp_path: Path) -> None:
    (line,) = read(tmp_path, f"{HEAD}Radio,2026-11-01,2026-11-01,300,uah\n", "")
    assert (line.source, line.currency) == ("Radio", "UAH")


def test_a_file_may_be_as_spreadsheets_write_it(tmp_path: Path) -> None:
    text = 'Source;From;To;Amount;Currency\r\nВыставка;2026-11-01;2026-11-02;"1 200,50";₴\r\n;;;;\r\n'
    (line,) = read(tmp_path, text)
    assert (line.source, line.amount, line.currency) == ("fair", Decimal("1200.50"), "UAH")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "spend.csv:1: no column source or from or to or amount or currency"),
        ("source,from,amount,currency\n", "spend.csv:1: no column to"),
        (
            f"{HEAD}radio,2026-11-01,2026-11-02,1,EUR\n",
            'spend.csv:2: unknown value of list "source" "radio"',
        ),
        (f"{HEAD},2026-11-01,2026-11-02,1,EUR\n", "spend.csv:2: no source"),
        (f"{HEAD}ads,01.11.2026,2026-11-02,1,EUR\n", 'spend.csv:2: "01.11.2026" is no date'),
        (f"{HEAD}ads,2026-02-30,2026-11-02,1,EUR\n", 'spend.csv:2: there is no date "2026-02-30"'),
        (
            f"{HEAD}\nads,2026-11-02,2026-11-01,1,EUR\n",
            "spend.csv:3: to 2026-11-01 is before from 2026-11-02",
        ),
        (f"{HEAD}ads,2026-11-01,2026-11-02,-1,EUR\n", 'spend.csv:2: "-1" is less than nothing'),
        (f"{HEAD}ads,2026-11-01,2026-11-02,,EUR\n", "spend.csv:2: not a number"),
        (f"{HEAD}ads,2026-11-01,2026-11-02,1.234,EUR\n", 'spend.csv:2: "1.234" can be read in two ways'),
        (f"{HEAD}ads,2026-11-01,2026-11-02,1,XYZ\n", 'spend.csv:2: unknown currency "XYZ"'),
        (f"{HEAD}ads,2026-11-01,2026-11-02,1\n", 'spend.csv:2: unknown currency ""'),
        (f"{HEAD}ads,2026-11-01,2026-11-02,1,50,EUR\n", "spend.csv:2: 6 cells under 5 columns"),
        (f'{HEAD}"ads,2026-11-01,2026-11-02,1,EUR\n', "spend.csv:2: "),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(NotConfigured) as wrong:
        read(tmp_path, text)
    assert wrong.value.message.startswith(message)


def test_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    read(tmp_path, HEAD)
    (tmp_path / "spend.csv").write_bytes(HEAD.encode() + "реклама".encode("cp1251"))
    configuration = load(tmp_path, use_cache=False).configuration
    assert configuration is not None
    with pytest.raises(NotConfigured, match="is not UTF-8"):
        read_spend(tmp_path, configuration)


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    read(tmp_path, HEAD)
    (tmp_path / "spend.csv").unlink()
    configuration = load(tmp_path, use_cache=False).configuration
    assert configuration is not None
    with pytest.raises(NotFound, match="does not exist"):
        read_spend(tmp_path, configuration)
