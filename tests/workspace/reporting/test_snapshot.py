"""What is counted while it is read is what is counted one by one."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crmctl.cli.main import run

LEADS = st.lists(
    st.fixed_dictionaries(
        {"stage": st.sampled_from(["new", "in_work", "qualified", "junk"])},
        optional={
            "amount": st.decimals(0, 9999, places=2).map(str),
            "currency": st.sampled_from(["UAH", "USD", "EUR"]),
            "source": st.sampled_from(["website", "call"]),
            "reject_reason": st.sampled_from(["spam", "no_budget"]),
            "tags": st.sampled_from([["vip"], ["vip", "fair"]]),
            "closed_at": st.just("2026-10-01T10:00:00+00:00"),
            "revision": st.integers(1, 3),
        },
    ),
    max_size=12,
)
ASKED = st.sampled_from(
    [(), ("--by", "source"), ("--by", "tags"), ("--by", "amount"), ("--where", "amount >= 50 USD")]
)


@pytest.fixture
def figures(workspace, capsys):
    """Return the funnel of leads that lie in the data file as JSON without ids; with any, how it is made differs."""

    def call(*argv: str) -> dict[str, Any]:
        capsys.readouterr()
        assert run(("funnel", "leads", "-o", "json", "--now", "2026-11-15T12:00", *argv)) == 0
        report = json.loads(capsys.readouterr().out)
        for row in [*report["rows"], *report["lost"]]:
            row.pop("ids", None)
        report["columns"] = [name for name in report["columns"] if name != "ids"]
        return report

    return call


@pytest.fixture
def fill(workspace):
    """Make leads the only ones there are, however they may have come to be so."""
    from crmctl.model.records import Record, RecordType
    from crmctl.workspace.workspace import Settings, open_workspace

    store = open_workspace(Settings()).store

    def call(leads: list[dict[str, Any]]) -> None:
        with store.write() as writer:
            for old in list(writer.records(RecordType.LEAD)):
                writer.purge(old.id)
            for lead in leads:
                given_ = {"id": writer.new_id(RecordType.LEAD), "record": "lead", "pipeline": "leads"}
                writer.put(
                    Record({**given_, "title": "Lead", "created_at": "2026-09-01T10:00:00+00:00", **lead})
                )
            writer.commit()

    return call


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(leads=LEADS, asked=ASKED)
@example(leads=[{"stage": "new", "source": ["website", "call"]}, {"stage": "new"}], asked=("--by", "source"))
@example(leads=[{"stage": "junk", "reject_reason": ["spam"], "amount": "5.00"}], asked=())
def test_a_snapshot_is_the_same_with_and_without_its_ids(
    fill, figures, leads: list[dict[str, Any]], asked: tuple[str, ...]
) -> None:
    fill(leads)
    assert figures(*asked) == figures(*asked, "--ids")


def test_thousands_of_leads_are_summed_exactly(fill, figures) -> None:
    fill([{"stage": "new", "amount": f"{number}.01", "currency": "UAH"} for number in range(3000)])
    first, *_ = figures()["rows"]
    total = sum((Decimal(f"{number}.01") for number in range(3000)), Decimal(0))
    assert (first["count"], first["amount"]) == (3000, {"UAH": str(total)})
