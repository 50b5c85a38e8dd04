from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from crmctl.config.check import check_workspace
from crmctl.model.configuration import Configuration, User
from crmctl.model.pipeline import Action, Outcome, Requirement
from crmctl.model.records import RecordType

LISTS = """\
users: [{id: anna, name: Анна Коваль, email: anna@example.com, role: manager, team: retail}]
lists:
  delivery: [courier, {id: pickup, title: Самовывоз, aliases: [сам]}]
  lost_reason: [price]
fields:
  contact: {city: {type: text, title: Город}}
  deal:
    delivery: {type: list, list: delivery}
    colours: {type: tags}
    visits: {type: integer, min: 1, max: 10, default: 2, unique: true}
    boss: {type: reference, to: contact}
    seller: {type: user}
    city: {type: text, pattern: '^\\p{L}+$', example: Київ, help: Where to, aliases: [town]}
require: {contact: [contact_type, {field: city, when: 'phone is empty'}]}
convert: {deal: {address: city}}
duplicates:
  contact: [[email], [last_name, city]]
  ignore: {phone: ['8 (999) 999-99-99', '+380501234567'], email: [nobody@EXAMPLE.com]}
views: {hot: {title: Крупные, record: deal, where: open, sort: -amount, fields: [id, amount]}}
phone_region: RU
timezone: Europe/Kyiv
rates: {USD: 41, EUR: '45.5'}
spend: spend.csv
reports: {year_starts: 04-01, week_starts: sunday}
default: {deal: deals}
"""
PIPELINE = """\
version: 1
pipeline: deals
title: Сделки
aliases: [Продажи]
record: deal
fields: {course: {type: text}}
stages:
  - {stage: talk, title: Обсудить, aliases: [беседа], probability: 20, max_age: 2d}
  - stage: offer
    require: [amount, {field: course, when: 'amount > 5'}]
    require_to_leave:
      - close_date
    on_enter: [{assign: anna}, {set: {comment: x}}]
    on_leave: [{mail: hello.txt}]
    next: [won, lost]
    moved_from: [old]
  - {stage: won, outcome: won}
  - {stage: lost, outcome: lost, probability: 5}
reasons: {list: lost_reason}
moves: {skip: false}
"""
Made = Callable[..., Path]


@pytest.fixture
def found(make_workspace: Made) -> Configuration:
    files = {"pipelines/deals.yaml": PIPELINE, "hello.txt": "Subject: hello", "spend.csv": ""}
    checked = check_workspace(make_workspace(LISTS, files))
    assert [one.message for one in checked.findings] == []
    assert checked.configuration is not None
    return checked.configuration


def test_what_is_left_out_has_its_default(make_workspace: Made) -> None:
    found = check_workspace(make_workspace()).configuration
    assert found is not None
    assert (found.mode, found.timezone, found.database, found.phone_region) == (
        "leads",
        "UTC",
        "crm.json",
        "",
    )
    assert (found.year_starts, found.week_starts, found.rates, found.spend) == ("01-01", "monday", None, "")
    assert found.fields_of(RecordType.DEAL)["owner"].choices is None
    assert found.fields_of(RecordType.LEAD)["source"].choices is None


def test_the_workspace_says_what_it_says(found: Configuration) -> None:
    assert (found.name, found.currency, found.timezone, found.phone_region) == (
        "Acme",
        "UAH",
        "Europe/Kyiv",
        "RU",
    )
    assert (found.year_starts, found.week_starts, found.spend) == ("04-01", "sunday", "spend.csv")
    assert found.rates == {"USD": "41", "EUR": "45.5"}
    assert found.users == (User("anna", "Анна Коваль", "anna@example.com", "manager", "retail"),)
    assert found.default == {"deal": "deals"}
    assert found.convert == {"deal": {"address": "city"}}


def test_standard_and_own_fields_stand_together_with_their_choices(found: Configuration) -> None:
    deal = found.fields_of(RecordType.DEAL, "deals")
    assert deal["delivery"].choices == found.lists["delivery"]
    assert deal["lost_reason"].choices is not None
    assert deal["lost_reason"].choices.get("price") is not None
    assert deal["seller"].choices == deal["owner"].choices
    assert deal["owner"].choices is not None
    assert deal["owner"].choices.find("anna@example.com").id == "anna"
    assert deal["colours"].multiple
    assert deal["boss"].to == "contact"
    assert deal["course"].owned_by == "deals"
    assert found.fields_of(RecordType.CONTACT)["city"].title == "Город"


def test_a_field_keeps_everything_its_declaration_says(found: Configuration) -> None:
    visits, city = (found.fields_of(RecordType.DEAL)[name] for name in ("visits", "city"))
    assert (visits.min, visits.max, visits.default, visits.unique) == ("1", "10", "2", True)
    assert (city.pattern, city.example, city.help, city.aliases) == (
        r"^\p{L}+$",
        "Київ",
        "Where to",
        ("town",),
    )


def test_requirements_know_the_line_that_asks_for_them(found: Configuration) -> None:
    offer = found.pipelines[0].stages[1]
    assert offer.require == (
        Requirement("amount", place="pipelines/deals.yaml:10"),
        Requirement("course", "amount > 5", "pipelines/deals.yaml:10"),
    )
    assert offer.require_to_leave == (Requirement("close_date", place="pipelines/deals.yaml:12"),)
    assert offer.place == "pipelines/deals.yaml:9"
    assert found.require["contact"] == (
        Requirement("contact_type", place="crmctl.yaml:18"),
        Requirement("city", "phone is empty", "crmctl.yaml:18"),
    )


def test_a_pipeline_is_what_its_file_says(found: Configuration) -> None:
    pipeline = found.pipelines[0]
    talk, offer, won, lost = pipeline.stages
    assert (pipeline.id, pipeline.title, pipeline.record) == ("deals", "Сделки", RecordType.DEAL)
    assert (pipeline.skip, pipeline.back, pipeline.reasons) == (False, True, "lost_reason")
    assert (talk.title, talk.aliases, talk.max_age) == ("Обсудить", ("беседа",), timedelta(days=2))
    assert (offer.title, offer.next, offer.moved_from) == ("offer", ("won", "lost"), ("old",))
    assert offer.on_enter == (Action("assign", {"assign": "anna"}), Action("set", {"set": {"comment": "x"}}))
    assert offer.on_leave == (Action("mail", {"mail": "hello.txt"}),)
    assert (won.outcome, lost.outcome) == (Outcome.WON, Outcome.LOST)
    assert found.pipeline("Продажи") is pipeline


def test_probability_is_0_for_lost_and_100_for_won_unless_it_is_given(found: Configuration) -> None:
    assert [stage.probability for stage in found.pipelines[0].stages] == [20, None, 100, 5]


def test_views_and_match_rules_are_taken_over(found: Configuration) -> None:
    hot = found.views["hot"]
    assert (hot.record, hot.where, hot.sort, hot.fields, hot.title) == (
        ("deal", "open", "-amount", ("id", "amount"), "Крупные")
    )
    assert found.match.rules == {"contact": (("email",), ("last_name", "city"))}


def test_values_that_never_match_are_kept_as_records_keep_them(found: Configuration) -> None:
    assert found.match.ignored == {
        "phone": ("+79999999999", "+380501234567"),
        "email": ("nobody@example.com",),
    }


def test_pipelines_stand_in_the_order_of_their_files_or_of_the_list(make_workspace: Made, deals: str) -> None:
    files = {
        f"pipelines/{name}.yaml": deals.replace("pipeline: deals", f"pipeline: {name}")
        for name in ("b", "a", "c")
    }
    folder = make_workspace(files=files)
    found = check_workspace(folder).configuration
    assert found is not None
    assert [pipeline.id for pipeline in found.pipelines] == ["a", "b", "c"]
    top = folder / "crmctl.yaml"
    listed = "pipelines: [pipelines/c.yaml, pipelines/a.yaml]"
    top.write_text(top.read_text().replace("pipelines: pipelines", listed))
    found = check_workspace(folder).configuration
    assert found is not None
    assert [pipeline.id for pipeline in found.pipelines] == ["c", "a"]
