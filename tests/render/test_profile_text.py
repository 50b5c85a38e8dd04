from hypothesis import given
from hypothesis import strategies as st

from crmctl.config.compile_profile import compile_profile
from crmctl.config.schema_check import check
from crmctl.config.yaml_reader import read
from crmctl.model.import_profile import (
    Detect,
    ImportProfile,
    ItemColumns,
    JoinedColumns,
    ProfileColumn,
)
from crmctl.model.profile_draft import Doubt, ProfileDraft
from crmctl.model.records import RecordType
from crmctl.render.profile_text import profile_text
from crmctl.text import name_key

UNSEEN = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])
NAMES = st.text(UNSEEN, min_size=1, max_size=12).filter(lambda text: text.strip() == text)
WORDS = st.dictionaries(NAMES.map(name_key).filter(bool), NAMES | st.just(""), max_size=3)
FIELDS = st.sampled_from(["title", "contact.phone", "stage", "-"])
PLACES = st.builds(
    ProfileColumn,
    field=FIELDS,
    strip=st.just("") | NAMES,
    empty=st.lists(NAMES.map(name_key).filter(bool), max_size=2, unique=True).map(tuple),
    lookup=WORDS,
    otherwise=st.none() | st.just("") | NAMES,
    date_format=st.lists(st.sampled_from(["%d.%m.%Y", "%m/%d/%Y"]), max_size=2, unique=True).map(tuple),
    prefix=st.just("") | NAMES,
    split=st.just("") | NAMES,
    missing=st.sampled_from(["", "warn"]),
)
COLUMNS = st.dictionaries(NAMES, st.lists(PLACES, min_size=1, max_size=2).map(tuple), min_size=1, max_size=4)
LISTS = st.lists(NAMES, min_size=1, max_size=3, unique=True).map(tuple)
PROFILES = st.builds(
    ImportProfile,
    name=st.sampled_from(["shop", "лавка", "file-2"]),
    record=st.sampled_from(RecordType),
    columns=COLUMNS,
    detect=st.just(())
    | st.tuples(st.builds(Detect, all=LISTS.map(lambda names: tuple(map(name_key, names))))),
    encodings=st.just(()) | LISTS,
    delimiter=st.sampled_from(["", ";", "|", "tab"]),
    decimal=st.sampled_from(["", ".", ","]),
    date_format=st.just(("%d.%m.%Y",)),
    repeats=st.sampled_from(["", "number"]),
    empty=st.just(("-",)),
    history=st.sampled_from([(), ('Entered "{stage}"',)]),
    join=st.just(())
    | st.tuples(st.builds(JoinedColumns, st.just("comment"), LISTS, NAMES, st.just(()) | LISTS)),
    items=st.just(()) | st.tuples(st.builds(ItemColumns, NAMES, NAMES | st.just(""), NAMES)),
    users=WORDS,
    stages=WORDS,
    set=st.dictionaries(st.sampled_from(["source", "owner"]), NAMES),
    own=st.just(True),
)


@given(PROFILES)
def test_what_is_written_reads_back_as_the_same_profile(profile: ImportProfile) -> None:
    document = read(profile_text(ProfileDraft(profile)).encode(), "x.yaml")
    assert document.findings == ()
    assert check(document, "profile") == []
    assert compile_profile(document, own=True) == profile


@given(NAMES, NAMES)
def test_comments_never_run_over_into_what_is_said(name: str, told: str) -> None:
    profile = ImportProfile("shop", RecordType.LEAD, {name: (ProfileColumn("-"),)}, own=True)
    draft = ProfileDraft(profile, {name: told}, (Doubt("date_format", told + "\n" + name),))
    assert compile_profile(read(profile_text(draft).encode(), "x.yaml"), own=True) == profile
