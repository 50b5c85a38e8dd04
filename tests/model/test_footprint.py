"""What of a configuration is kept with the data it was applied to."""

from collections.abc import Callable

import msgspec
import pytest

from crmctl.model.choices import Choice, Choices
from crmctl.model.configuration import Configuration
from crmctl.model.field import Field
from crmctl.model.footprint import FieldPrint, Footprint, footprint_of, own_fields
from crmctl.model.pipeline import Outcome, Pipeline, Requirement, Stage
from crmctl.model.records import RecordType

WAYS = Choices('value of list "ways"', (Choice("post", "Post"), Choice("van")))
SALES = Pipeline(
    "sales",
    "Sales",
    RecordType.DEAL,
    (
        Stage("new", "New", require=(Requirement("source", place="sales.yaml:7"),)),
        Stage("offer", "Offer", moved_from=("bid",), require=(Requirement("amount", "way = post"),)),
        Stage("won", "Won", Outcome.WON),
        Stage("lost", "Lost", Outcome.LOST, require=(Requirement("lost_reason"),)),
    ),
    fields=(Field("depth", "integer", owned_by="sales"),),
)


@pytest.fixture(scope="module")
def configuration(bare_configuration: Callable[..., Configuration]) -> Configuration:
    marks = Field("marks", "text", multiple=True)
    return bare_configuration((SALES,), WAYS, marks, require={"deal": (Requirement("owner"),)})


def test_it_has_own_fields_alone_with_the_lists_they_choose_from(configuration: Configuration) -> None:
    found = footprint_of(configuration)
    assert found.fields == {
        "deal": {"way": FieldPrint("list", "ways"), "marks": FieldPrint("text", multiple=True)}
    }
    assert found.pipelines["sales"].fields == {"depth": FieldPrint("integer")}
    assert found.lists == {"ways": ("post", "van")}


def test_it_survives_being_kept_as_json(configuration: Configuration) -> None:
    found = footprint_of(configuration)
    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(found)), Footprint) == found


def test_where_something_is_written_does_not_count(configuration: Configuration) -> None:
    moved = msgspec.structs.replace(SALES, place="other.yaml:1")
    assert footprint_of(configuration) == footprint_of(
        msgspec.structs.replace(configuration, pipelines=(moved,))
    )


def test_a_stage_needs_what_the_open_ones_before_it_need_and_a_lost_one_its_own(
    configuration: Configuration,
) -> None:
    found = footprint_of(configuration)
    type_wide = ("owner", "")
    assert found.needs(RecordType.DEAL, "sales", "won") == {
        type_wide,
        ("source", ""),
        ("amount", "way = post"),
    }
    assert found.needs(RecordType.DEAL, "sales", "lost") == {type_wide, ("lost_reason", "")}
    assert found.needs(RecordType.DEAL, "sales", "gone") == {type_wide}
    assert found.needs(RecordType.LEAD, "sales", "won") == set()


def test_a_pipeline_is_only_one_for_records_of_its_type(configuration: Configuration) -> None:
    found = footprint_of(configuration)
    assert found.stage(RecordType.DEAL, "sales", "new") is not None
    assert found.stage(RecordType.LEAD, "sales", "new") is None


def test_a_field_of_a_pipeline_goes_before_one_of_all(configuration: Configuration) -> None:
    found = footprint_of(configuration)
    assert found.field(RecordType.DEAL, "sales", "depth") == FieldPrint("integer")
    assert found.field(RecordType.DEAL, "other", "depth") is None
    assert found.field(RecordType.DEAL, "other", "marks") == FieldPrint("text", multiple=True)


def test_types_are_told_with_what_they_choose_from_or_point_to() -> None:
    assert FieldPrint("list", "ways").told == "list ways"
    assert FieldPrint("reference", to="company", multiple=True).told == "reference company, many"
    assert FieldPrint("tags", multiple=True).told == "tags"


def test_own_fields_are_those_that_no_workspace_has_by_itself(configuration: Configuration) -> None:
    assert [field.name for field in own_fields("deal", configuration.fields["deal"])] == ["way", "marks"]
