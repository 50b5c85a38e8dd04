from collections.abc import Callable

import pytest

from crmctl.errors import NotConfigured
from crmctl.importer.layout import Layout
from crmctl.importer.profile_layout import laid_out
from crmctl.importer.table import CellError, RawRow
from crmctl.importer.targets import Target, Targets
from crmctl.model.field import Field
from crmctl.model.import_profile import ImportProfile, ItemColumns, JoinedColumns, ProfileColumn
from crmctl.model.records import RecordType
from crmctl.model.standard_fields import STANDARD_FIELDS

DEAL, CONTACT, COMPANY = RecordType.DEAL, RecordType.CONTACT, RecordType.COMPANY
Lay = Callable[..., Layout]


def fields(kind: RecordType, *own: Field) -> dict[str, Field]:
    return {field.name: field for field in (*STANDARD_FIELDS[kind], *own)}


@pytest.fixture
def lay() -> Lay:
    """Lay out a header under a profile; columns are given as `name=field` or as places."""

    def lay(header: list[str], columns: dict[str, object], *own: Field, **more: object) -> Layout:
        pairs = more.pop("pairs", {})
        places = {
            name: (ProfileColumn(place),) if isinstance(place, str) else place
            for name, place in columns.items()
        }
        profile = ImportProfile("p", DEAL, places, **more)  # type: ignore[arg-type]
        linked = {CONTACT: fields(CONTACT), COMPANY: fields(COMPANY)}
        return laid_out(profile, header, Targets(fields(DEAL, *own), linked), pairs)

    return lay


def read(layout: Layout, *cells: str) -> list[str]:
    (row,) = layout.rows([RawRow(2, list(cells))], set())
    assert row.cells == list(cells)
    assert row.read is not None
    return row.read


def test_columns_of_the_file_keep_their_places_and_their_cells(lay: Lay) -> None:
    layout = lay(["ID", "Имя сделки"], {"Имя сделки": "title", "id": "external_id", "Нет": "comment"})
    assert layout.names == ("ID", "Имя сделки")
    assert layout.targets == {"ID": Target("external_id"), "Имя сделки": Target("title")}
    assert read(layout, "7", "Шкаф") == ["7", "Шкаф"]


def test_of_several_columns_of_one_value_the_first_that_is_not_blank_counts(lay: Lay) -> None:
    layout = lay(["A", "B"], {"A": "title", "B": "title"})
    assert layout.names == ("A", "B", "A / B")
    assert layout.aside == {"A", "B"}
    assert read(layout, " ", "Шкаф")[2] == "Шкаф"
    assert read(layout, "Стол", "Шкаф")[2] == "Стол"


def test_columns_of_a_field_of_many_values_stay_apart(lay: Lay) -> None:
    layout = lay(["A", "B"], {"A": "contact.phone", "B": "contact.phone"})
    assert layout.names == ("A", "B")


def test_joined_columns_leave_out_what_is_blank_or_there_already(lay: Lay) -> None:
    joined = JoinedColumns("comment", ("A", "B", "C", "Absent"), ", ")
    layout = lay(["A", "B", "C"], {}, join=(joined,))
    assert read(layout, "ул. Лесная, 3, Москва", "Москва", "5")[3] == "ул. Лесная, 3, Москва, 5"
    assert read(layout, "", "Москва", "")[3] == "Москва"
    assert read(layout, "", " ", "")[3] == ""
    assert layout.targets["A + B + C"] == Target("comment", made=True)


def test_there_is_nothing_to_join_where_all_that_it_needs_is_blank(lay: Lay) -> None:
    joined = JoinedColumns("comment", ("Sum", "Currency"), " ", ("Sum",))
    layout = lay(["Sum", "Currency"], {}, join=(joined,))
    assert read(layout, "10", "EUR")[2] == "10 EUR"
    assert read(layout, "", "EUR")[2] == ""


def test_a_column_may_say_several_things(lay: Lay) -> None:
    ended = ProfileColumn("closed_as", lookup={"paid": "won"}, otherwise="")
    layout = lay(["State"], {"State": (ProfileColumn("stage"), ended)})
    assert layout.targets["State (closed_as)"] == Target("closed_as", made=True)
    assert read(layout, "Talks") == ["Talks", ""]


def test_a_word_for_the_end_is_no_stage_unless_the_workspace_has_one(lay: Lay) -> None:
    ended = ProfileColumn("closed_as", lookup={"paid": "won"}, otherwise="")
    assert read(lay(["State"], {"State": (ProfileColumn("stage"), ended)}), "Paid") == ["", "won"]


def test_a_column_mapped_by_hand_is_not_the_profiles(lay: Lay) -> None:
    layout = lay(["A", "B"], {"A": "title", "B": "title"}, pairs={"B": "comment"})
    assert layout.targets == {"A": Target("title")}


def test_a_field_of_one_value_that_is_mapped_by_hand_has_no_other_column(lay: Lay) -> None:
    joined = JoinedColumns("comment", ("B", "C"), ", ")
    layout = lay(["A", "B", "C"], {"A": "title"}, pairs={"A": "comment"}, join=(joined,))
    assert layout.targets == {"B": Target("-"), "C": Target("-")}


def test_what_the_profile_says_of_all_cells_holds_for_columns_mapped_by_hand(lay: Lay) -> None:
    layout = lay(
        ["A", "Owner"], {"X": "title"}, pairs={"A": "close_date"}, empty=("-",), date_format=("%d.%m.%Y",)
    )
    assert read(layout, "14.03.2026", "-") == ["2026-03-14", ""]


def test_a_moment_keeps_its_time_and_a_date_has_none(lay: Lay) -> None:
    layout = lay(["A", "B"], {"A": "close_date", "B": "created_at"}, date_format=("%d.%m.%Y %H:%M",))
    assert read(layout, "14.03.2026 10:20", "14.03.2026 10:20") == ["2026-03-14", "2026-03-14 10:20:00"]


def test_users_are_translated_wherever_they_stand(lay: Lay) -> None:
    layout = lay(["A", "B"], {"A": "owner", "B": "created_by"}, users={"sam sales": "anna"})
    assert read(layout, "Sam Sales", "sam sales") == ["anna", "anna"]


def test_the_columns_of_a_line_are_those_of_the_first_set_that_the_file_has(lay: Lay) -> None:
    items = (ItemColumns("Товар", "Цена"), ItemColumns("Product", "Price", "Quantity"))
    layout = lay(["Product", "Price"], {}, items=items)
    assert layout.targets == {"Product": Target("item.product"), "Price": Target("item.price")}


def test_columns_of_the_past_name_their_stage_and_their_pipeline(lay: Lay) -> None:
    header = ['Date entered "Talks (new) (Sales)"', "Date entered"]
    layout = lay(header, {}, history=('Date entered "{stage} ({pipeline})"',), date_format=("%d.%m.%Y",))
    assert layout.targets == {header[0]: Target("entered", stage="Talks (new)", pipeline="Sales")}
    assert read(layout, "14.03.2026", "x") == ["2026-03-14", "x"]


@pytest.mark.parametrize(
    ("name", "stage", "pipeline"),
    [("Talks (Sales (EU))", "Talks", "Sales (EU)"), ("Talks (Sales)", "Talks", "Sales")],
)
def test_brackets_in_the_name_of_a_pipeline_belong_to_it(
    lay: Lay, name: str, stage: str, pipeline: str
) -> None:
    layout = lay([f"Entered {name}"], {}, history=("Entered {stage} ({pipeline})",))
    assert layout.targets == {f"Entered {name}": Target("entered", stage=stage, pipeline=pipeline)}


def test_an_own_field_called_like_a_column_that_is_passed_over_gets_it(lay: Lay) -> None:
    layout = lay(["Район", "Валюта"], {"Район": "-", "Валюта": "-"}, Field("area", "text", "Район"))
    assert layout.targets == {"Район": Target("area"), "Валюта": Target("-")}


def test_what_an_own_profile_passes_over_is_passed_over(lay: Lay) -> None:
    layout = lay(["Район"], {"Район": "-"}, Field("area", "text", "Район"), own=True)
    assert layout.targets == {"Район": Target("-")}


def test_a_row_without_a_single_reading_is_left_as_it_is(lay: Lay) -> None:
    layout = lay(["A", "B"], {"A": "title", "B": "title"})
    fault = CellError(2, "", "", "", "has 3 cells, the header 2")
    (row,) = layout.rows([RawRow(2, ["1", "2", "3"], (fault,))], set())
    assert row.read == ["1", "2", ""]


def test_of_the_columns_watched_those_stay_in_which_nothing_stands(lay: Lay) -> None:
    blank = {0, 1}
    layout = lay(["A", "B"], {"A": "-", "B": "-"})
    list(layout.rows([RawRow(2, ["", " "]), RawRow(3, ["", "x"])], blank))
    assert blank == {0}


def test_a_pattern_that_cannot_be_run_is_told_with_its_profile(lay: Lay) -> None:
    with pytest.raises(NotConfigured, match=r"profile p: pattern .* is not a usable pattern"):
        lay(["A"], {"A": (ProfileColumn("title", strip="(?=x)"),)})
