import pytest

from crmctl.errors import Refused, WrongUse
from crmctl.importer.mapping import map_columns, read_pairs
from crmctl.model.field import Field

Fields = dict[str, Field]


def test_columns_are_found_by_id_title_and_alias(lead_fields: Fields) -> None:
    columns = map_columns(["city", "Company name", "Рабочий телефон"], lead_fields)

    assert columns.fields == {"city": (0,), "company_name": (1,), "phone": (2,)}


@pytest.mark.parametrize(
    "header", [" НАСЕЛЕННЫЙ  пункт", "Населённый\u00a0пункт", "населе\u0308нныи\u0306 пункт"]
)
def test_case_composition_and_kind_of_space_do_not_matter(lead_fields: Fields, header: str) -> None:
    assert map_columns([header], lead_fields).fields == {"city": (0,)}


def test_an_id_wins_over_a_title_and_a_title_over_an_alias() -> None:
    fields = {
        "external_id": Field("external_id", "text", "External"),
        "one": Field("one", "text", "Two", aliases=("Three",)),
        "two": Field("two", "text", "Three"),
    }

    assert map_columns(["two"], fields).fields == {"two": (0,)}
    assert map_columns(["Three"], fields).fields == {"two": (0,)}


def test_what_is_mapped_by_hand_wins_over_names(lead_fields: Fields) -> None:
    columns = map_columns(["Title", "Заметка"], lead_fields, {"title": "Комментарий", "заметка": "title"})

    assert columns.fields == {"comment": (0,), "title": (1,)}


@pytest.mark.parametrize("target", ["", "-"])
def test_a_column_may_be_left_out(lead_fields: Fields, target: str) -> None:
    columns = map_columns(["Title", "Rubbish"], lead_fields, {"Rubbish": target})

    assert columns.fields == {"title": (0,)}
    assert columns.passed == ("Rubbish",)


def test_unknown_columns_are_refused_with_what_is_close(lead_fields: Fields) -> None:
    with pytest.raises(WrongUse) as wrong:
        map_columns(["Title", "Phoen", "Xyzzy"], lead_fields)

    assert wrong.value.message == "2 columns are not known"
    told = [detail["message"] for detail in wrong.value.details]
    assert told == ['"Phoen" is no field; close is "Phone"', '"Xyzzy" is no field']
    assert "--ignore-unknown" in str(wrong.value.hint)


def test_unknown_columns_may_be_passed_over(lead_fields: Fields) -> None:
    columns = map_columns(["Title", "Xyzzy", ""], lead_fields, ignore_unknown=True)

    assert columns.passed == ("Xyzzy",)


def test_a_mapping_of_a_column_that_is_not_there_lists_close_ones(lead_fields: Fields) -> None:
    with pytest.raises(WrongUse) as wrong:
        map_columns(["Title", "Telephone"], lead_fields, {"Telefone": "phone"})

    assert wrong.value.message == 'the file has no column "Telefone"'
    assert wrong.value.hint == 'close are: "Telephone"'


def test_a_mapping_to_what_is_no_field_is_wrong_use(lead_fields: Fields) -> None:
    with pytest.raises(WrongUse) as wrong:
        map_columns(["Tel"], lead_fields, {"Tel": "phnoe"})

    assert wrong.value.hint == 'did you mean "phone"?'


def test_a_mapping_to_what_crmctl_works_out_is_wrong_use(lead_fields: Fields) -> None:
    with pytest.raises(WrongUse, match="record, which crmctl works out itself"):
        map_columns(["Deals"], lead_fields, {"Deals": "record"})


def test_several_columns_may_hold_one_many_valued_field(lead_fields: Fields) -> None:
    columns = map_columns(["Рабочий телефон", "Title", "Мобильный телефон"], lead_fields)

    assert columns.fields["phone"] == (0, 2)


def test_two_columns_for_one_value_are_refused_naming_both(lead_fields: Fields) -> None:
    with pytest.raises(Refused) as refused:
        map_columns(["Статус", "Title", "Stage"], lead_fields)

    assert refused.value.message == 'columns "Статус" and "Stage" are both stage, which holds one value'
    assert refused.value.hint == 'leave one out with --map "Stage=-"'


def test_upkeep_columns_are_told_apart(lead_fields: Fields) -> None:
    header = [
        "id",
        "Revision",
        "Record ID",
        "Дата создания",
        "phone_typed",
        "record",
        "converted_to",
        "outcome",
    ]
    columns = map_columns(header, lead_fields)

    assert columns.separate == {"id": 0, "revision": 1, "external_id": 2}
    assert columns.kept == {"created_at": 3, "converted_to": 6}
    assert columns.typed == {"phone_typed": 4}
    assert columns.computed == ("record", "outcome")
    assert columns.fields == {}


def test_what_a_profile_presumes_gives_way_to_what_is_mapped_by_hand(lead_fields: Fields) -> None:
    presumed = {"A": "title", "B": "comment", "Not there": "phone"}
    columns = map_columns(["A", "B"], lead_fields, {"B": "address"}, presumed=presumed)

    assert columns.fields == {"title": (0,), "address": (1,)}


def test_a_field_that_only_the_profile_knows_is_as_good_as_unknown(lead_fields: Fields) -> None:
    with pytest.raises(WrongUse, match="1 column is not known"):
        map_columns(["Title", "Rank"], lead_fields, presumed={"Rank": "rank"})


def test_columns_without_a_name_are_no_columns(lead_fields: Fields) -> None:
    assert map_columns(["Title", ""], lead_fields).fields == {"title": (0,)}


def test_the_mapping_can_be_told_in_the_order_of_the_file(lead_fields: Fields) -> None:
    columns = map_columns(["Phone 2", "ID", "Title", "Phone"], lead_fields)

    assert columns.pairs() == [("Phone 2", "phone"), ("ID", "id"), ("Title", "title"), ("Phone", "phone")]


def test_pairs_are_split_at_the_last_equals_sign() -> None:
    assert read_pairs(["a=b=title", "Tel = phone ", "x="]) == {"a=b": "title", "Tel": "phone", "x": ""}


@pytest.mark.parametrize("pair", ["title", "=title", " =x"])
def test_a_pair_of_another_form_is_wrong_use(pair: str) -> None:
    with pytest.raises(WrongUse, match="is no mapping"):
        read_pairs([pair])


def test_a_column_that_is_mapped_twice_is_wrong_use() -> None:
    with pytest.raises(WrongUse, match="mapped twice"):
        read_pairs(["A=title", "a =phone"])
