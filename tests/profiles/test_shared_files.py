"""The exports of real layouts beside the checkout, imported by the profiles that their columns tell."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "ru"
NOW = "2026-11-22T12:00:00+03:00"
PEOPLE = """
users:
  - {id: petr, name: Ёлкин Пётр}
  - {id: alena, name: Щукина Алёна}
  - {id: olga, name: Zayceva Olga}
  - {id: ivanov, name: Иванов И.И.}
"""
SOURCES = (
    "[Звонок, Сайт, Веб-сайт, ВКонтакте, Холодный звонок, Выставка, Яндекс.Директ, Рекомендация, CRM-форма]"
)
DEAL_STAGES = """
  - {stage: first, title: Первичный контакт, aliases: [Первичный кoнтакт]}
  - {stage: talks, title: Переговоры, aliases: [Перегoворы]}
  - {stage: deciding, title: Принимают решение}
  - {stage: contract, title: Согласование договора}
  - {stage: won, title: Успешнo реализовано, outcome: won}
  - {stage: lost, title: Закрытo и не реализовано, outcome: lost}
"""


@pytest.fixture
def ru(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm) -> Path:
    """The files, and a workspace that knows their people, sources and stages; skips where the files are not there."""
    if not SHARED.is_dir():
        pytest.skip("the shared data are not beside this checkout")
    (tmp_path / "pipelines").mkdir()
    top = "version: 1\nname: Ру\ncurrency: RUB\ntimezone: Europe/Moscow\nphone_region: RU\npipelines: pipelines\n"
    lists = f"lists: {{source: {SOURCES}}}\n"
    (tmp_path / "crmctl.yaml").write_text(top + lists + PEOPLE, "utf-8")
    deals = f"version: 1\npipeline: sales\ntitle: Воронка\nrecord: deal\nstages:{DEAL_STAGES}"
    (tmp_path / "pipelines" / "sales.yaml").write_text(deals, "utf-8")
    source = Path(__file__).parent / "workspace-ru" / "pipelines" / "leads.yaml"
    leads = source.read_text("utf-8").replace("reasons: {list: reject_reason}\n", "")
    (tmp_path / "pipelines" / "leads.yaml").write_text(leads, "utf-8")
    monkeypatch.chdir(tmp_path)
    assert crm("init").code == 0
    return SHARED


def listed(crm, table: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(crm("list", table, "-o", "json", "--sort", "id").out)
    return found


def test_six_hundred_deals_of_amocrm_come_in_with_their_contacts_and_companies(ru: Path, crm) -> None:
    ran = crm("import", "deals", str(ru / "amocrm_deals_export.csv"), "--now", NOW)
    assert ran.code == 0
    assert "read as amocrm-deals" in ran.err
    assert "R-1: 600 rows: 600 created, 568 contacts and 560 companies created with them" in ran.err
    with (ru / "amocrm_deals_export.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    at = {name: rows[0].index(name) for name in ("Этап сделки", "Дата закрытия", "Бюджет", "ID")}
    stages = Counter(row[at["Этап сделки"]].strip().casefold().replace("o", "о") for row in rows[1:])
    deals = listed(crm, "deals")
    outcomes = Counter(deal["outcome"] for deal in deals)
    assert outcomes["won"] == stages["успешно реализовано"]
    assert outcomes["lost"] == stages["закрыто и не реализовано"]
    closed = sum(row[at["Дата закрытия"]] != "не закрыта" for row in rows[1:])
    assert sum("closed_at" in deal for deal in deals) == closed
    by_id = {deal["external_id"]: deal for deal in deals}
    assert by_id[rows[1][at["ID"]]]["amount"] == f"{rows[1][at['Бюджет']]}.00"
    assert all("contact" in deal and "company" in deal for deal in deals)


def test_four_hundred_leads_of_bitrix24_come_in(ru: Path, crm) -> None:
    ran = crm(
        "import", "leads", str(ru / "bitrix24_leads_export_utf8bom.csv"), "--ignore-unknown", "--now", NOW
    )
    assert ran.code == 0
    assert "read as bitrix24-leads" in ran.err
    assert "R-1: 400 rows: 400 created" in ran.err
    leads = listed(crm, "leads")
    first = leads[0]
    assert (first["title"], first["external_id"], first["stage"]) == (
        "Алтайвагон - Кисловодск",
        "1000",
        "good",
    )
    assert first["phone"] == ["+375442468307"]
    assert first["address"] == "п. Смирных, пр. Крымский, д. 74 к. 5/9, 616504, Шатура"
    assert first["owner"] == "alena"
    assert {lead.get("currency") for lead in leads} <= {"RUB", "BYN", "UAH", "KZT", "EUR", None}


def test_the_own_columns_of_a_bitrix24_portal_are_named_before_anything_is_read(ru: Path, crm) -> None:
    ran = crm("import", "leads", str(ru / "bitrix24_leads_export_utf8bom.csv"))
    assert ran.code == 2
    assert "5 columns are not known" in ran.err


def test_the_smallest_import_file_of_bitrix24_is_read(ru: Path, crm) -> None:
    ran = crm("import", "leads", str(ru / "bitrix24_import_minimal.csv"))
    assert ran.code == 0
    (lead,) = listed(crm, "leads")
    assert (lead["title"], lead["company_name"]) == ("Автосалон - Тест", "Тест ООО")
    assert lead["address"] == "Москва, ул. Ленина, 10"


@pytest.mark.parametrize("template", ["simple", "recommended", "club"])
def test_the_pipeline_that_amocrm_begins_with_is_the_one_of_a_template(
    template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm
) -> None:
    monkeypatch.chdir(tmp_path)
    assert crm("init", "--template", template).code == 0
    text = "ID,Название сделки,Этап сделки,Воронка\n1,Шкаф,,Воронка\n"
    (tmp_path / "deals.csv").write_text(text, "utf-8")
    ran = crm("import", "deals", "deals.csv")
    assert (ran.code, "1 created" in ran.err) == (0, True), ran.err


def test_deals_of_amocrm_come_into_the_simple_template_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm
) -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared data are not beside this checkout")
    monkeypatch.chdir(tmp_path)
    assert crm("init", "--template", "simple").code == 0
    file = str(SHARED / "amocrm_deals_export.csv")
    ran = crm("import", "deals", file, "-s", "lost_reason=other", "--partial", "--now", NOW)
    # The others are stages with a Latin letter among the Cyrillic ones: never guessed.
    assert (ran.code, "594 created, 6 rejected" in ran.err) == (7, True), ran.err
