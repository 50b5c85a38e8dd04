import pytest

from crmctl.errors import Refused, WrongUse
from crmctl.importer.column_map import Entered
from crmctl.importer.mapping import map_columns, read_pairs
from crmctl.importer.targets import Target, Targets
from crmctl.model.field import Field
from crmctl.model.import_profile import LINKED
from crmctl.model.records import RecordType
from crmctl.model.standard_fields import STANDARD_FIELDS

Fields = dict[str, Field]
FIELDS = {kind: {field.name: field for field in fields} for kind, fields in STANDARD_FIELDS.items()}
DEAL = FIELDS[RecordType.DEAL]
DEAL_AND_MORE = Targets(DEAL, {kind: FIELDS[kind] for kind in LINKED[RecordType.DEAL]})


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


def test_a_column_whose_field_only_the_profile_knows_is_passed_over(lead_fields: Fields) -> None:
    columns = map_columns(["Title", "Rank"], lead_fields, presumed={"Rank": "rank"})

    assert columns.fields == {"title": (0,)}
    assert columns.passed == ("Rank",)


def test_what_only_the_profile_knows_is_looked_for_by_the_name_of_its_column(lead_fields: Fields) -> None:
    columns = map_columns(["Населённый пункт"], lead_fields, presumed={"Населенный пункт": "town"})

    assert columns.fields == {"city": (0,)}


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


def test_columns_may_be_of_the_records_that_a_row_brings_along() -> None:
    header = ["Title", "contact.phone", "Mobile", "Firm", "company.external_id", "contact.Должность"]
    pairs = {"Mobile": "contact.phone", "Firm": "company.title"}

    columns = map_columns(header, DEAL_AND_MORE, pairs)

    assert columns.fields == {"title": (0,)}
    contact, company = columns.linked[RecordType.CONTACT], columns.linked[RecordType.COMPANY]
    assert contact.fields == {"phone": (1, 2), "position": (5,)}
    assert company.fields == {"title": (3,)}
    assert company.separate == {"external_id": 4}
    assert columns.place("company.external_id") == 4
    assert columns.pairs()[1] == ("contact.phone", "contact.phone")


def test_records_that_a_row_cannot_bring_along_are_unknown(lead_fields: Fields) -> None:
    with pytest.raises(WrongUse, match="1 column is not known"):
        map_columns(["Title", "contact.phone"], lead_fields)
    with pytest.raises(WrongUse, match="which is no field"):
        map_columns(["Title", "A"], DEAL_AND_MORE, {"A": "contact.phnoe"})
    with pytest.raises(WrongUse, match="works out itself"):
        map_columns(["Title", "A"], DEAL_AND_MORE, {"A": "contact.note_count"})


def test_two_columns_for_one_value_of_a_linked_record_are_refused() -> None:
    with pytest.raises(Refused, match=r'"A" and "B" are both contact\.title'):
        map_columns(["A", "B"], DEAL_AND_MORE, {"A": "contact.title", "B": "contact.title"})


def test_columns_may_tell_of_stages_entered_of_the_end_and_of_a_line(lead_fields: Fields) -> None:
    header = ["Title", "entered.Проект. Два", "Entered won", "closed_as", "Goods", "item.price"]
    presumed = {"Entered won": Target("entered", stage="won", pipeline="sale"), "Goods": "item.product"}

    columns = map_columns(header, DEAL, presumed=presumed)

    assert columns.entered == (Entered(1, "Проект. Два"), Entered(2, "won", "sale"))
    assert columns.closed_as == columns.place("closed_as") == 3
    assert columns.items == {"product": 4, "price": 5}
    assert columns.places() == [0, 1, 2, 3, 4, 5]
    assert map_columns(["Goods"], lead_fields, presumed=presumed).passed == ("Goods",)


def test_records_without_stages_have_neither_past_nor_end() -> None:
    with pytest.raises(WrongUse, match="2 columns are not known"):
        map_columns(["closed_as", "entered.won"], FIELDS[RecordType.CONTACT])


@pytest.mark.parametrize("name", ["entered", "entered.", "item.", "item.colour", "contact"])
def test_half_a_target_is_none(name: str, lead_fields: Fields) -> None:
    with pytest.raises(WrongUse, match="1 column is not known"):
        map_columns(["Title", name], lead_fields)
    with pytest.raises(WrongUse):
        map_columns(["Title", "A"], lead_fields, {"A": name})


def test_which_references_are_lenient_is_for_the_profile_to_say() -> None:
    presumed = {"IDs": Target("contact", several=True), "Firm": Target("company", lenient=True)}

    columns = map_columns(["IDs", "Firm"], DEAL, presumed=presumed)

    assert columns.several == {"contact"}
    assert columns.lenient == {"company"}
