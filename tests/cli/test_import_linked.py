"""`import` of rows that bring along the contact and the company of their record."""

import json
from pathlib import Path

import pytest

CONFIGURATION = """
version: 1
name: Test
currency: UAH
mode: deals
pipelines: pipelines
phone_region: UA
users: [{id: anna}, {id: oleg}]
fields:
  contact: {rank: {type: integer}}
require: {contact: [rank]}
duplicates:
  contact: [[email], [phone]]
  company: [[website]]
"""
SALE = """
version: 1
pipeline: sale
record: deal
stages:
  - {stage: new}
  - {stage: offer}
  - {stage: won, outcome: won}
  - {stage: lost, outcome: lost}
"""
HEADER = "external_id,title,contact.title,contact.phone,contact.rank,Firm,company.website"
FIRM = ("--map", "Firm=company.title")


@pytest.fixture
def firms(laid_out, tmp_path: Path) -> Path:
    """Stand in a workspace of deals in which a contact must have a rank."""
    laid_out(crmctl=CONFIGURATION.replace("require: {contact: [rank]}\n", ""), sale=SALE)
    return tmp_path


@pytest.fixture
def strict(laid_out, tmp_path: Path) -> Path:
    laid_out(crmctl=CONFIGURATION, sale=SALE)
    return tmp_path


@pytest.fixture
def bring(crm, tmp_path: Path):
    """Import deals out of these lines."""

    def bring(*lines: str, options: tuple[str, ...] = (), header: str = HEADER, kind: str = "deals"):
        (tmp_path / "rows.csv").write_text("\n".join([header, *lines]) + "\n", "utf-8")
        firm = FIRM if "Firm" in header else ()
        return crm("import", kind, "rows.csv", *firm, *options)

    return bring


def shown(crm, kind: str, *fields: str) -> list[list[object]]:
    records = json.loads(crm("export", kind, "-", "-o", "json").out)
    return [[record.get(name) for name in fields] for record in records]


def test_a_deal_brings_its_contact_and_its_company_and_all_three_are_linked(firms: Path, crm, bring) -> None:
    ran = bring("1,Big,Иван Петров,050 123-45-67,2,Acme,acme.example", "2,Small,Ольга,,,,")
    assert ran.code == 0
    assert ran.err.splitlines()[-1] == (
        "R-1: 2 rows: 2 created, 2 contacts and 1 company created with them (undo: crmctl undo R-1)"
    )
    assert shown(crm, "deals", "id", "contact", "company") == [["D-1", "C-1", "O-1"], ["D-2", "C-2", None]]
    assert shown(crm, "contacts", "title", "phone", "rank", "companies") == [
        ["Иван Петров", ["+380501234567"], 2, ["O-1"]],
        ["Ольга", None, None, None],
    ]
    assert shown(crm, "companies", "title", "website") == [["Acme", "acme.example"]]


def test_a_value_for_those_who_come_along_is_given_to_the_new_ones_that_have_none(
    strict: Path, crm, bring
) -> None:
    lines = ("1,Big,Иван Петров,,2,,", "2,Small,Ольга,,,,")
    assert "contact.rank" in bring(*lines).err
    assert bring(*lines, options=("-s", "contact.rank=7", "-s", "amount=100")).code == 0
    assert shown(crm, "contacts", "title", "rank") == [["Иван Петров", 2], ["Ольга", 7]]
    assert shown(crm, "deals", "amount") == [["100.00"], ["100.00"]]


def test_a_profile_may_give_that_value_too(strict: Path, crm, bring) -> None:
    (strict / "own.yaml").write_text(
        "version: 1\nprofile: own\nrecord: deal\ncolumns: {title: title, contact.title: contact.title}\n"
        "set: {contact.rank: '7'}\n",
        "utf-8",
    )
    assert bring("Big,Ольга", header="title,contact.title", options=("--profile", "own.yaml")).code == 0
    assert shown(crm, "contacts", "title", "rank") == [["Ольга", 7]]


def test_a_value_for_those_who_come_along_must_be_one_of_their_fields(firms: Path, bring) -> None:
    ran = bring("1,Big,Ольга,,,,", options=("-s", "contact.rang=7"))
    assert (ran.code, ran.err.splitlines()[0]) == (2, 'error: unknown field "rang" of contact')
    assert bring("1,Big,Ольга,,,,", options=("-s", "lead.title=x")).code == 2


def test_a_known_contact_that_a_deal_names_comes_to_the_company_it_brings(firms: Path, crm, bring) -> None:
    crm("create", "contact", "Petrov", "-q")
    ran = bring("Big,C-1,Acme", header="title,contact,company.title")
    assert (ran.code, ran.err.splitlines()[-1]) == (
        0,
        "R-1: 1 row: 1 created, 1 company created with them, 1 contact updated with them (undo: crmctl undo R-1)",
    )
    assert shown(crm, "contacts", "title", "companies") == [["Petrov", ["O-1"]]]


def test_a_known_contact_is_linked_and_left_as_it_is(firms: Path, crm, bring) -> None:
    crm("create", "contact", "Petrov", "-s", "phone=0501234567", "-q")
    ran = bring("1,Big,Иван Петров,+380501234567,2,,", options=("-o", "json"))
    assert json.loads(ran.out)["linked"] == {
        "contact": {"created": 0, "updated": 0},
        "company": {"created": 0, "updated": 0},
    }
    assert shown(crm, "contacts", "title", "rank") == [["Petrov", None]]
    assert shown(crm, "deals", "contact") == [["C-1"]]


@pytest.mark.parametrize(
    ("mode", "found"), [("fill", ["Petrov", 2]), ("update", ["Иван Петров", 2]), ("skip", ["Petrov", None])]
)
def test_what_is_written_to_a_known_contact_follows_on_duplicate(
    firms: Path, crm, bring, mode: str, found: list[object]
) -> None:
    crm("create", "contact", "Petrov", "-s", "phone=0501234567", "-q")
    ran = bring("1,Big,Иван Петров,+380501234567,2,,", options=("--on-duplicate", mode))
    assert ran.code == 0
    assert shown(crm, "contacts", "title", "rank") == [found]


@pytest.mark.parametrize("mode", ["create", "error"])
def test_create_and_error_are_about_the_rows_own_record(firms: Path, crm, bring, mode: str) -> None:
    crm("create", "contact", "Petrov", "-s", "phone=0501234567", "-q")
    assert bring("1,Big,Иван Петров,+380501234567,2,,", options=("--on-duplicate", mode)).code == 0
    assert shown(crm, "contacts", "title", "rank") == [["Petrov", None]]


def test_an_outside_id_comes_before_the_rules_and_those_before_the_title(firms: Path, crm, bring) -> None:
    for name, more in (("Иван", "external_id=77"), ("Иван", "phone=0501234567"), ("Ольга", "rank=1")):
        crm("create", "contact", name, "-s", more, "-q", "--allow-duplicate")
    header = "external_id,title,contact.external_id,contact.title,contact.phone"
    ran = bring("1,A,77,X,0501234567", "2,B,,Ольга,0501234567", "3,C,,ОЛЬГА,", header=header)
    assert ran.code == 0
    assert shown(crm, "deals", "contact") == [["C-1"], ["C-2"], ["C-3"]]
    assert crm("list", "contacts", "--count").out == "3\n"


def test_a_contact_that_was_found_otherwise_is_known_by_its_outside_id_from_then_on(
    firms: Path, crm, bring
) -> None:
    crm("create", "contact", "Petrov", "-s", "phone=0501234567", "-q")
    header = "external_id,title,contact.external_id,contact.phone,contact.title"
    assert bring("1,A,77,0501234567,Иван", "2,B,77,,Иван", header=header).code == 0
    assert shown(crm, "deals", "contact") == [["C-1"], ["C-1"]]


def test_a_title_that_several_have_rejects_the_row_and_names_them(firms: Path, crm, bring) -> None:
    for _ in range(2):
        crm("create", "contact", "Иван", "-q", "--allow-duplicate")
    ran = bring("1,A,иван,,,,")
    assert ran.code == 1
    assert 'contact: "иван" is the title of several records: C-1, C-2' in ran.err
    assert crm("list", "deals", "--count").out == "0\n"


def test_namesakes_with_other_phones_are_not_one(firms: Path, crm, bring) -> None:
    ran = bring("1,A,Иван,0501234567,,,", "2,B,Иван,0671234567,,,")
    assert ran.code == 0
    assert shown(crm, "deals", "contact") == [["C-1"], ["C-2"]]


def test_a_contact_that_is_refused_leaves_nothing_behind(strict: Path, crm, bring) -> None:
    ran = bring("1,A,Иван,,,Acme,", "2,B,Ольга,,1,Beta,", options=("--partial", "--rejects", "bad.csv"))
    assert ran.code == 7
    assert "1 created, 1 rejected, 1 contact and 1 company created with them" in ran.err
    assert "required and empty: contact.rank" in (strict / "bad.csv").read_text("utf-8")
    assert shown(crm, "companies", "title") == [["Beta"]]
    mended = (strict / "bad.csv").read_text("utf-8").replace('"Иван","",""', '"Иван","","5"')
    (strict / "mended.csv").write_text(mended, "utf-8")
    assert crm("import", "deals", "mended.csv", *FIRM).code == 0
    assert shown(crm, "contacts", "title", "rank") == [["Ольга", 1], ["Иван", 5]]


def test_a_deal_that_is_refused_leaves_no_contact_behind(firms: Path, crm, bring) -> None:
    header = f"stage,{HEADER}"
    ran = bring("nowhere,1,A,Иван,,,Acme,", "new,2,B,Ольга,,1,,", options=("--partial",), header=header)
    assert ran.code == 7
    assert shown(crm, "contacts", "title") == [["Ольга"]]
    assert crm("list", "companies", "--count").out == "0\n"


def test_the_fault_of_a_linked_record_is_named_with_its_cell(firms: Path, crm, bring) -> None:
    ran = bring("1,A,Иван,12,,,", options=("-o", "json"))
    detail = json.loads(ran.err)["error"]["details"][0]
    assert (detail["field"], detail["column"], detail["value"]) == ("contact.phone", "contact.phone", "12")


def test_the_blacklist_holds_for_those_who_come_along(firms: Path, crm, bring) -> None:
    crm("blacklist", "add", "phone", "0501234567", "--reason", "spam")
    ran = bring("1,A,Иван,0501234567,,,")
    assert ran.code == 1
    assert "contact: phone +380501234567 is on the blacklist" in ran.err


def test_unique_values_hold_for_those_who_come_along(laid_out, crm, bring) -> None:
    unique = CONFIGURATION.replace("{type: integer}", "{type: integer, unique: true}")
    laid_out(crmctl=unique.replace("require: {contact: [rank]}\n", ""), sale=SALE)
    ran = bring("1,A,Иван,,7,Acme,", "2,B,Ольга,,7,Beta,", options=("--partial",))
    assert ran.code == 7
    assert "7" in ran.err
    assert shown(crm, "companies", "title") == [["Acme"]]


def test_the_same_file_twice_changes_nothing_and_undo_takes_all_of_it_back(firms: Path, crm, bring) -> None:
    rows = ("1,A,Иван,0501234567,1,Acme,acme.example", "2,B,Иван,,,Acme,acme.example")
    assert bring(*rows).code == 0
    before = (firms / "crm.json").read_bytes()
    for mode in ("skip", "update", "fill"):
        again = bring(*rows, options=("--on-duplicate", mode))
        assert (again.code, again.err.splitlines()[-1]) == (0, "nothing to do: 2 rows: 2 unchanged")
    assert (firms / "crm.json").read_bytes() == before
    assert crm("undo", "R-1", "--yes").code == 0
    for kind in ("deals", "contacts", "companies"):
        assert crm("list", kind, "--count").out == "0\n"


def test_a_known_deal_that_stays_as_it_is_touches_nobody(firms: Path, crm, bring) -> None:
    bring("1,A,Иван,0501234567,1,,")
    ran = bring("1,A,Иван Иванович,0501234567,9,,", options=("--on-duplicate", "update"))
    assert ran.err.splitlines()[-1] == "nothing to do: 1 row: 1 unchanged"
    assert shown(crm, "contacts", "title") == [["Иван"]]
    assert bring("1,B,Пётр,0671234567,9,,").err.splitlines()[-1] == "nothing to do: 1 row: 1 skipped"
    assert crm("list", "contacts", "--count").out == "1\n"


def test_update_links_a_known_deal_to_whom_its_row_names_now(firms: Path, crm, bring) -> None:
    bring("1,A,Иван,0501234567,1,,")
    ran = bring("1,A,Пётр,0671234567,2,Acme,", options=("--on-duplicate", "update"))
    assert "1 updated, 1 contact and 1 company created with them" in ran.err
    assert shown(crm, "deals", "contact", "company") == [["C-2", "O-1"]]


def test_update_goes_on_with_the_contact_of_that_name_whose_phone_changed(firms: Path, crm, bring) -> None:
    bring("1,A,Иван,0501234567,1,,")
    bring("1,New title,Иван,0671234567,1,,", options=("--on-duplicate", "update"))
    assert shown(crm, "contacts", "title", "phone") == [["Иван", ["+380671234567"]]]


def test_fill_leaves_the_contact_that_a_deal_has(firms: Path, crm, bring) -> None:
    bring("1,A,Иван,0501234567,1,,")
    ran = bring("1,A,Пётр,0671234567,2,Acme,", options=("--on-duplicate", "fill"))
    assert "1 updated, 1 company created with them" in ran.err
    assert shown(crm, "deals", "contact", "company") == [["C-1", "O-1"]]


def test_a_contact_brings_its_company(firms: Path, crm, bring) -> None:
    header = "title,Firm,company.website"
    ran = bring("Иван,Acme,acme.example", "Ольга,Акме,acme.example", header=header, kind="contacts")
    assert "2 created, 1 company created with them" in ran.err
    assert shown(crm, "contacts", "companies") == [[["O-1"]], [["O-1"]]]


def test_the_plan_tells_who_would_come_along(firms: Path, crm, bring) -> None:
    rows = ("1,A,Иван,0501234567,,Acme,", "2,B,,0501234567,,Acme,")
    ran = bring(*rows, options=("-n", "-o", "json"))
    found = json.loads(ran.out)
    assert found["linked"] == {
        "contact": {"created": 1, "updated": 0},
        "company": {"created": 1, "updated": 0},
    }
    first, second = found["plan"]
    assert [(link["record"], link["id"], link["action"]) for link in first["links"]] == [
        ("company", "O-1", "create"),
        ("contact", "C-1", "create"),
    ]
    assert first["links"][1]["changes"]["phone"] == [None, ["+380501234567"]]
    assert [(link["id"], link["action"]) for link in second["links"]] == [
        ("O-1", "unchanged"),
        ("C-1", "unchanged"),
    ]
    assert crm("list", "contacts", "--count").out == "0\n"


def test_a_plain_column_says_whose_the_fields_beside_it_are(firms: Path, crm, bring) -> None:
    crm("create", "contact", "Иван", "-q")
    header = "title,contact,contact.phone"
    assert bring("A,C-1,0501234567", header=header, options=("--on-duplicate", "update")).code == 0
    assert shown(crm, "contacts", "phone") == [[["+380501234567"]]]
    assert shown(crm, "deals", "contact") == [["C-1"]]


def test_a_linked_record_named_by_an_id_that_is_not_there_rejects_the_row(firms: Path, crm, bring) -> None:
    ran = bring("A,C-9", header="title,contact.id")
    assert ran.code == 1
    assert "contact: C-9 does not exist" in ran.err


def test_those_who_come_along_are_the_rows_owners_clients(firms: Path, crm, bring) -> None:
    assert bring("A,Иван,oleg", header="title,contact.title,owner").code == 0
    assert shown(crm, "contacts", "owner") == [["oleg"]]


def test_cells_that_show_nothing_bring_nobody_along(firms: Path, crm, bring) -> None:
    assert bring("A, \u00a0,\u200b", header="title,contact.title,company.title").code == 0
    assert shown(crm, "deals", "contact", "company") == [[None, None]]


def test_a_contact_brings_no_contact_and_a_lead_nobody(workspace: Path, crm) -> None:
    for kind, column in (("contacts", "contact.title"), ("leads", "company.title")):
        (workspace / "rows.csv").write_text(f"title,{column}\nA,B\n", "utf-8")
        ran = crm("import", kind, "rows.csv")
        assert ran.code == 2
        assert f'"{column}" is no field' in ran.err


def test_actions_see_those_who_came_along(laid_out, crm, bring) -> None:
    acting = SALE.replace("stage: offer}", "stage: offer, on_enter: [{set: {stage: won}}]}")
    laid_out(crmctl=CONFIGURATION.replace("require: {contact: [rank]}\n", ""), sale=acting)
    ran = bring("offer,1,A,Иван,,,Acme,", header=f"stage,{HEADER}", options=("--run-actions",))
    assert ran.code == 0
    assert shown(crm, "deals", "stage", "contact", "company") == [["won", "C-1", "O-1"]]
    assert crm("undo", "R-1", "--yes").code == 0
    assert crm("list", "contacts", "--count").out == "0\n"


def test_hooks_hear_of_those_who_come_along(workspace: Path, crm, trusting) -> None:
    trusting("after-change", 'cat >> "$OUT/lines"')
    (workspace / "deals.csv").write_text("title,company.title\nA,Acme\nB,acme\n", "utf-8")
    assert crm("import", "deals", "deals.csv", "--pipeline", "retail").code == 0
    heard = [json.loads(line)["after"] for line in (workspace / "lines").read_text("utf-8").splitlines()]
    assert [each["id"] for each in heard] == ["O-1", "D-1", "D-2"]


def test_a_hook_that_refuses_keeps_out_all_of_them(workspace: Path, crm, trusting) -> None:
    trusting("before-change", "! grep -q Acme")
    (workspace / "deals.csv").write_text("title,company.title\nA,Acme\n", "utf-8")
    assert crm("import", "deals", "deals.csv", "--pipeline", "retail").code == 1
    assert crm("list", "companies", "--count").out == "0\n"


def test_a_contact_with_a_company_gets_that_of_a_deal_only_under_update(firms: Path, crm, bring) -> None:
    crm("create", "company", "Old", "-q")
    crm("create", "contact", "Иван", "-s", "companies=O-1", "-s", "phone=0671112233", "-q")
    assert bring("1,A,Иван,0671112233,,Acme,").code == 0
    assert shown(crm, "contacts", "companies") == [[["O-1"]]]
    assert bring("2,B,Иван,0671112233,,Beta,", options=("--on-duplicate", "update")).code == 0
    assert shown(crm, "contacts", "companies") == [[["O-1", "O-3"]]]


PEOPLE = "external_id,title,contact.title,contact.phone,company.title"


@pytest.fixture
def namesakes(firms: Path) -> Path:
    """Write deals with people of one name at three companies, one of them twice."""
    rows = [
        "1,A,Ann Lee,,Alpha",
        "2,B,Ann Lee,,Beta",
        "3,C,Ann Lee,+380671112233,Gamma",
        "4,D,Ann Lee,,Alpha",
    ]
    (firms / "deals.csv").write_text("\n".join([PEOPLE, *rows, "5,E,Ann Lee,,Beta"]) + "\n", "utf-8")
    return firms


def test_a_person_known_by_name_alone_is_looked_for_at_the_company_of_the_row(namesakes: Path, crm) -> None:
    assert crm("import", "deals", "deals.csv").code == 0
    deals = json.loads(crm("list", "deals", "-o", "json").out)
    found = {deal["title"]: (deal["contact"], deal["company"]) for deal in deals}
    assert found["A"] == found["D"] == ("C-1", "O-1")
    assert found["B"] == found["E"] == ("C-2", "O-2")
    assert found["C"] == ("C-3", "O-3")
    assert "5 unchanged" in crm("import", "deals", "deals.csv").err


def test_a_person_of_that_name_without_a_company_is_meant(firms: Path, crm) -> None:
    crm("create", "contact", "Ann Lee")
    (firms / "deals.csv").write_text(f"{PEOPLE}\n1,A,Ann Lee,,Alpha\n2,B,Ann Lee,,Beta\n", "utf-8")
    assert crm("import", "deals", "deals.csv").code == 0
    assert [each["contact"] for each in json.loads(crm("list", "deals", "-o", "json").out)] == ["C-1", "C-2"]
    assert json.loads(crm("show", "C-1", "-o", "json").out)["companies"] == ["O-1"]


def test_who_comes_along_with_several_rows_is_counted_once(firms: Path, crm) -> None:
    crm("create", "contact", "Ann Lee", "-s", "phone=0671112233")
    rows = "".join(f"{at},D{at},Ann Lee {at},0671112233\n" for at in range(3))
    (firms / "d.csv").write_text(f"external_id,title,contact.title,contact.phone\n{rows}", "utf-8")
    assert "1 contact updated with them" in crm("import", "deals", "d.csv", "--on-duplicate", "update").err
