from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.model.records import RecordType
from crmctl.query.error import QueryError
from crmctl.query.evaluate import Reference

Ask = Any

WRONG = [
    ("stage = order and ammount >= 10k", "ammount", 'unknown field "ammount"', 'did you mean "amount"?'),
    ("zzz = 1", "zzz", 'unknown field "zzz"', None),
    ("company.industy ~ x", "industy", 'unknown field "industy"', 'did you mean "industry"?'),
    ("compny.title = x", "compny", 'unknown field "compny"', 'did you mean "company"?'),
    ("title.length = x", "title", "title points to no records of one type", None),
    ("stage = ordr", "ordr", 'unknown stage "ordr"', "one of: new, order, shipping, won, lost, paid"),
    ("stage in (order, ordr)", "ordr", 'unknown stage "ordr"', "one of: "),
    ("owner = bob", "bob", 'unknown user "bob"', "one of: anna, oleg"),
    ("source != fax", "fax", 'unknown source "fax"', "one of: instagram, website, call"),
    ("amount >= lots", "lots", "amount: not an amount of money", "write it like 1200.50"),
    ("amount >= 10 UDS", "10 UDS", 'amount: unknown currency "UDS"', 'did you mean "UZS"?'),
    ("amount between 1 and x", "x", "amount: not an amount of money", "write it like"),
    ("close_date < 31.12.2026", "31.12.2026", "close_date: not a date", "write it like 2026-11-21"),
    ("created_at > 2026-02-30", "2026-02-30", "created_at: no such date", None),
    ("units = many", "many", "units: not a number", None),
    ("urgent = maybe", "maybe", "urgent: neither true nor false", "write true or false"),
    ("contact = Anna", "Anna", '"Anna" is not an id', "write an id like C-1"),
    ("contact = O-1", "O-1", "O-1 is no contact", "C-1"),
    ("stage changed after soon", "soon", "changed: not a date", "write it like"),
    ("stage < order", "<", "stages have no < comparison", "use = != in or ~"),
    ("stage between new and order", "between", "stages have no >= comparison", "use = != in or ~"),
    ("amount !~ 5", "!~", "money has no ~ comparison", "use = < <= > >= or between"),
    ("title has x", "has", '"has" is for fields of many values, and title has one', "write title = x"),
    ('title = ""', '""', "an empty text is no value", "write title is empty"),
    ("title ~ ' '", "' '", "an empty text is no value", "write title is empty"),
    ("'  '", "'  '", "there is nothing to search for", None),
    ("revision changed", "revision", "history does not keep revision", None),
    ("company.title changed", "company.title", '"changed" looks only at fields of the record itself', None),
    ("open and done", "done", '"done" is for tasks', "flags of deals: open, won, lost, overdue, stale"),
]


@pytest.mark.parametrize(("text", "part", "message", "hint"), WRONG, ids=[case[0] for case in WRONG])
def test_what_does_not_suit_is_pointed_at(
    deals: Ask, text: str, part: str, message: str, hint: str | None
) -> None:
    with pytest.raises(QueryError) as caught:
        deals.bound(text)
    error = caught.value
    line, carets = (error.excerpt or "").split("\n")
    assert line == f"  {text}"
    assert line[carets.index("^") : len(carets)] == part
    assert message in error.message
    assert (hint is None and error.hint is None) or (hint is not None and hint in (error.hint or ""))


def test_an_unknown_field_is_shown_as_the_documentation_promises(deals: Ask) -> None:
    with pytest.raises(QueryError) as caught:
        deals.bound("stage = order and ammount >= 10k")
    assert caught.value.message == 'unknown field "ammount"'
    assert caught.value.excerpt == "  stage = order and ammount >= 10k\n                    ^^^^^^^"
    assert caught.value.hint == 'did you mean "amount"?'


def test_archived_stages_are_known_and_marked_where_all_are_listed(deals: Ask) -> None:
    archived = (("wholesale", "visit"),)
    assert deals.bound("stage = visit", archived=archived).fields == ("stage", "pipeline")
    with pytest.raises(QueryError) as caught:
        deals.bound("stage = vsit", archived=archived)
    assert caught.value.hint == "one of: new, order, shipping, won, lost, paid; archived: visit"


def test_fields_of_a_pipeline_are_known_only_among_its_records(deals: Ask) -> None:
    deals.bound("waybill is empty")
    deals.bound("waybill is empty", pipeline="wholesale")
    with pytest.raises(QueryError, match="unknown field"):
        deals.bound("waybill is empty", pipeline="retail")
    with pytest.raises(QueryError, match="unknown stage"):
        deals.bound("stage = shipping", pipeline="retail")


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("title = x", ("title",)),
        ("сумма > 5", ("amount", "currency")),
        ("Стадия = order or title = x", ("stage", "pipeline", "title")),
        ("open and won", ("stage", "pipeline")),
        ("overdue", ("stage", "pipeline", "close_date")),
        ("stale", ("id", "stage", "pipeline")),
        ("unassigned and not untouched", ("owner", "revision")),
        ("company.title = x", ("company",)),
        ("source is empty", ("source",)),
        ("stage changed", ("id",)),
    ],
)
def test_a_bound_expression_tells_which_fields_it_reads(
    deals: Ask, text: str, fields: tuple[str, ...]
) -> None:
    assert deals.bound(text).fields == fields


def test_a_bound_expression_tells_what_it_reads_of_other_records(deals: Ask) -> None:
    bound = deals.bound("company.industry = it and company.title ~ x or origin_lead.amount > 5")
    assert bound.references == (
        Reference("company", RecordType.COMPANY, ("industry", "title")),
        Reference("origin_lead", RecordType.LEAD, ("amount", "currency")),
    )
    assert deals.bound("title = x").references == ()


def test_a_bound_expression_tells_whose_history_it_reads(deals: Ask) -> None:
    assert deals.bound("stage changed and owner changed after today").histories == (
        "stage",
        "pipeline",
        "owner",
    )
    assert deals.bound("stale").histories == ("stage",)
    assert deals.bound("title = x").histories == ()


def test_linked_records_are_also_reached_by_their_type(contacts: Ask) -> None:
    assert contacts.bound("company.industry = it").fields == ("companies",)


def test_a_text_search_reads_text_and_no_upkeep(deals: Ask) -> None:
    fields = deals.bound('"x"').fields
    assert {"id", "title", "comment", "tags", "external_id", "waybill"} <= set(fields)
    assert not {"record", "stage", "pipeline", "currency", "owner", "created_by", "amount"} & set(fields)


@given(text=st.text(max_size=30), field=st.sampled_from(["title", "amount", "stage", "phone", "created_at"]))
def test_any_value_is_understood_or_refused_with_a_caret(leads: Ask, text: str, field: str) -> None:
    operand = '"' + text.replace('"', '""') + '"'
    for expression in (f"{field} = {operand}", f"{field} in ({operand})", f"{field} >= {operand}", operand):
        refusal = _refusal(leads.bound, expression)
        assert refusal is None or "^" in (refusal.excerpt or "")


def _refusal(bound: Callable[[str], object], text: str) -> QueryError | None:
    try:
        bound(text)
    except QueryError as error:
        return error
    return None
