from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from crmctl.model.choices import Choice, Choices
from crmctl.model.configuration import Configuration, MatchRules
from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import Record, RecordType, type_of
from crmctl.reports.people import People, Standing
from crmctl.storage.memory import MemoryStore
from crmctl.workspace.reporting.clients import Clients
from crmctl.workspace.reporting.lineage import deals_of_leads
from crmctl.workspace.reporting.people import people_of

ANN, BOB = ["+380501234567"], ["+380671112233"]
LEADS = Pipeline(
    "leads", "Leads", RecordType.LEAD, (Stage("new", "New"), Stage("junk", "Junk", Outcome.LOST))
)
SALES = Pipeline("sales", "Sales", RecordType.DEAL, (Stage("call", "Call"), Stage("won", "Won", Outcome.WON)))
Configure = Callable[..., Configuration]
Same = Callable[..., bool]


@pytest.fixture
def configure(bare_configuration) -> Configure:
    """Make a configuration of one pipeline of leads and one of deals, with match rules and a mode."""

    def make(mode: str = "leads", ignored: tuple[str, ...] = (), **rules: Any) -> Configuration:
        match = MatchRules(rules, {"phone": ignored} if ignored else {})
        ways = Choices("way", (Choice("a"),))
        found: Configuration = bare_configuration((LEADS, SALES), ways, match=match)
        return msgspec.structs.replace(found, mode=mode)

    return make


def store(records: dict[str, dict[str, Any]]) -> MemoryStore:
    kept = MemoryStore()
    with kept.write() as writer:
        for record_id, values in records.items():
            writer.claim_id(record_id)
            writer.put(Record({"id": record_id, "record": type_of(record_id).value, **values}))
        writer.commit()
    return kept


@pytest.fixture
def same(configure: Configure) -> Same:
    """Tell whether two records of some are of one person, by the rules that hold without any, or by others."""

    def are(one: str, other: str, records: dict[str, dict[str, Any]], **more: Any) -> bool:
        clients = Clients(store(records).read(), configure(**more))
        return clients.person(one) == clients.person(other)

    return are


def test_a_lead_is_of_whom_an_earlier_one_with_its_number_or_address_was_of(same: Same) -> None:
    records = {
        "L-1": {"phone": ANN, "email": ["ann@example.com"]},
        "L-2": {"phone": [*BOB, *ANN]},
        "L-3": {"email": ["Ann@Example.com"]},
        "L-4": {"phone": BOB},
        "L-5": {},
        "L-6": {},
    }
    assert all(same("L-1", each, records) for each in ("L-2", "L-3", "L-4"))
    assert not same("L-1", "L-5", records)
    assert not same("L-5", "L-6", records)


def test_a_lead_is_of_the_contact_who_has_its_number(same: Same) -> None:
    assert same("L-1", "C-1", {"L-1": {"phone": ANN}, "C-1": {"phone": ANN}})
    assert not same("L-1", "C-1", {"L-1": {"phone": ANN}, "C-1": {"phone": BOB}})


def test_contacts_who_share_a_number_are_one_as_duplicates_says(same: Same) -> None:
    records = {
        "C-1": {"phone": ANN, "title": "Ann"},
        "C-2": {"phone": ANN, "title": "Bob"},
        "L-1": {"phone": ANN},
    }
    assert same("C-1", "C-2", records)
    assert same("L-1", "C-2", records)


def test_values_that_never_match_connect_nobody(same: Same) -> None:
    records = {"L-1": {"phone": ANN}, "L-2": {"phone": ANN}, "C-1": {"phone": ANN}}
    ignored = tuple(ANN)
    assert not same("L-1", "L-2", records, ignored=ignored)
    assert not same("L-1", "C-1", records, ignored=ignored)


def test_a_number_that_too_many_leads_have_tells_of_none_whose_it_is(
    same: Same, configure: Configure
) -> None:
    records = {f"L-{at}": {"phone": ANN} for at in range(1, 7)}
    assert not same("L-1", "L-6", records)
    assert Clients(store(records).read(), configure()).shared == ["+380501234567 (6)"]
    assert same("L-1", "L-5", {name: values for name, values in records.items() if name != "L-6"})


def test_a_number_that_many_leads_and_one_contact_have_is_the_contacts(
    same: Same, configure: Configure
) -> None:
    records = {f"L-{at}": {"phone": ANN} for at in range(1, 7)} | {"C-1": {"phone": ANN}}
    assert same("L-1", "L-6", records)
    assert Clients(store(records).read(), configure()).shared == []


def test_a_patronymic_tells_apart_who_has_the_other_names_in_common(same: Same) -> None:
    name = {"first_name": "Анна", "last_name": "Коваль", "company_name": "Север"}
    records = {
        "L-1": name | {"middle_name": "Ивановна"},
        "L-2": name | {"middle_name": "И."},
        "L-3": name | {"middle_name": "Петровна"},
    }
    assert same("L-1", "L-2", records)
    assert not same("L-1", "L-3", records)


def test_the_rules_of_the_workspace_are_those_that_hold(same: Same) -> None:
    records = {"L-1": {"phone": ANN, "source": "x"}, "L-2": {"phone": ANN}, "L-3": {"source": "x"}}
    rules = {"lead": (("source",),), "contact": (("email",),)}
    assert not same("L-1", "L-2", records, **rules)
    assert same("L-1", "L-3", records, **rules)


def test_what_a_lead_was_converted_to_is_of_the_same_person(same: Same) -> None:
    records = {
        "L-1": {"converted_to": ["C-1", "O-1", "D-1"]},
        "L-2": {"converted_to": ["C-1", "D-2"]},
        "C-1": {"origin_lead": "L-1", "companies": ["O-1"]},
        "C-2": {"companies": ["O-1"]},
        "O-1": {"title": "Acme"},
        "D-1": {"origin_lead": "L-1", "contact": "C-1", "company": "O-1"},
        "D-2": {"origin_lead": "L-2", "contact": "C-1"},
    }
    assert all(same("L-1", each, records) for each in ("L-2", "C-1", "D-1", "D-2"))
    assert not same("L-1", "C-2", records)


def test_a_deal_that_names_nobody_is_of_whom_the_one_before_it_was(same: Same) -> None:
    records = {
        "C-1": {"title": "Ann"},
        "D-1": {"contact": "C-1"},
        "D-2": {"previous_deal": "D-1"},
        "D-3": {"previous_deal": "D-1", "contact": "C-2"},
    }
    assert same("D-2", "C-1", records)
    assert not same("D-3", "C-1", records)


def test_a_person_is_of_the_companies_of_all_that_is_known_of_them(configure: Configure) -> None:
    records = {
        "O-1": {"phone": BOB},
        "O-2": {"phone": BOB},
        "O-3": {"title": "Acme"},
        "O-4": {"title": "ООО Acme"},
        "C-1": {"companies": ["O-1"], "phone": ANN},
        "D-1": {"contact": "C-1", "company": "O-3"},
        "L-1": {"phone": ANN},
        "L-2": {"phone": BOB},
    }
    clients = Clients(store(records).read(), configure())
    assert clients.company("O-1") == clients.company("O-2")
    assert clients.company("O-3") != clients.company("O-4")
    assert clients.companies[clients.person("L-1")] == {clients.company("O-1"), clients.company("O-3")}
    assert clients.companies[clients.person("L-2")] == {clients.company("O-2")}


def found(records: dict[str, dict[str, Any]], configuration: Configuration) -> People:
    reader = store(records).read()
    return people_of(Clients(reader, configuration), deals_of_leads(reader), configuration)


def at(number: int) -> str:
    return f"2026-11-{number:02d}T10:00:00+00:00"


def test_wins_are_those_that_stand_by_the_date_they_closed(configure: Configure) -> None:
    records = {
        "C-1": {"phone": ANN},
        "C-2": {"phone": BOB},
        "D-1": {"pipeline": "sales", "stage": "won", "closed_at": at(5), "contact": "C-1"},
        "D-2": {"pipeline": "sales", "stage": "won", "contact": "C-2"},
        "D-3": {"pipeline": "sales", "stage": "call", "contact": "C-2"},
        "D-4": {"pipeline": "gone", "stage": "won", "closed_at": at(5), "contact": "C-2"},
        "L-1": {"phone": ANN, "created_at": at(4)},
        "L-2": {"phone": ANN, "created_at": at(6)},
        "L-3": {"phone": BOB, "created_at": at(9)},
    }
    people = found(records, configure())
    assert people.standings == {"L-1": Standing.NEW, "L-2": Standing.RETURNING, "L-3": Standing.NEW}
    # Of a client with no other win, one at an unknown date is the first.
    assert people.first_wins == {"D-1", "D-2"}
    assert people.undated == 1


def test_where_there_are_no_leads_deals_are_the_enquiries(configure: Configure) -> None:
    records = {
        "L-1": {"created_at": at(1), "phone": ANN},
        "C-1": {"phone": ANN},
        "D-1": {
            "pipeline": "sales",
            "stage": "won",
            "created_at": at(2),
            "closed_at": at(3),
            "contact": "C-1",
        },
        "D-2": {"pipeline": "sales", "stage": "call", "created_at": at(4), "contact": "C-1"},
        "D-3": {"pipeline": "sales", "stage": "call", "created_at": at(4)},
    }
    people = found(records, configure("deals"))
    assert people.standings == {"D-1": Standing.NEW, "D-2": Standing.RETURNING, "D-3": Standing.NEW}


def test_deals_that_came_of_a_lead_are_those_that_are_there() -> None:
    records = {
        "L-1": {"converted_to": ["C-1", "D-1", "D-9"]},
        "L-2": {"converted_to": ["D-1"]},
        "L-3": {"converted_to": ["C-1"]},
        "D-1": {"origin_lead": "L-1"},
        "D-2": {"origin_lead": "L-1"},
        "D-3": {},
    }
    assert deals_of_leads(store(records).read()) == {"L-1": ["D-1", "D-2"], "L-2": ["D-1"]}
