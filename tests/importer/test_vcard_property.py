import pytest

from crmctl.errors import BadValue
from crmctl.importer.vcard_lines import ContentLine
from crmctl.importer.vcard_property import Property, read_head, read_property, split


def _read(line: str | bytes, encoding: str = "utf-8") -> Property:
    content = ContentLine(1, line.encode() if isinstance(line, str) else line)
    return read_property(read_head(content), content, encoding, transcoded=False)


def test_a_property_has_a_name_and_a_value() -> None:
    assert _read("FN:Анна: Петрова; x") == Property("FN", "Анна: Петрова; x", line=1)


def test_names_are_compared_without_case_and_without_their_group() -> None:
    assert (_read("item1.tel:1").name, _read("ITEM1.Tel:1").group) == ("TEL", "item1")


@pytest.mark.parametrize(
    "head",
    [
        "TEL;TYPE=WORK;TYPE=FAX",
        "TEL;TYPE=work,fax",
        'TEL;TYPE="work,fax"',
        "TEL;WORK;FAX",
        "TEL;type=WORK;FAX;VALUE=text",
        "TEL;WORK;CHARSET=UTF-8;FAX",
    ],
)
def test_types_are_read_in_the_ways_of_all_versions(head: str) -> None:
    assert _read(f"{head}:1").types == ("work", "fax")


@pytest.mark.parametrize(
    ("head", "place"),
    [
        ("TEL", 101),
        ("TEL;PREF=1", 1),
        ("TEL;PREF=50", 50),
        ("TEL;TYPE=pref", 1),
        ("TEL;PREF", 1),
        ("TEL;PREF=x", 101),
    ],
)
def test_what_is_preferred_comes_first(head: str, place: int) -> None:
    assert _read(f"{head}:1").preference == place


def test_a_quoted_parameter_may_have_marks_in_it() -> None:
    read = _read('X-A;LABEL="a;b:c,d";X-TYPED="^^ ^n ^\'":1')

    assert (read.param("LABEL"), read.param("X-TYPED"), read.text) == ("a;b:c,d", '^ \n "', "1")


def test_a_quote_that_nothing_closes_is_a_letter() -> None:
    assert _read('TEL;TYPE="work:1').text == "1"


@pytest.mark.parametrize(
    "line",
    [
        "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=90=D0=BD=D0=BD=D0=B0",
        "FN;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:=C0=ED=ED=E0",
        "FN;QUOTED-PRINTABLE:=D0=90=D0=BD=D0=BD=D0=B0",
        "FN;CHARSET=koi8-r;ENCODING=b:4c7OwQ==",
        "FN;ENCODING=BASE64:0JDQvdC90LA=",
        "FN;ENCODING=8BIT:Анна",
        "FN;CHARSET=windows-1251:Анна".encode("cp1251"),
    ],
)
def test_values_are_decoded_by_what_they_say_of_themselves(line: str | bytes) -> None:
    assert _read(line).whole() == "Анна"


def test_what_says_nothing_is_in_the_encoding_of_the_file() -> None:
    assert _read("FN:Анна".encode("cp1251"), "cp1251").text == "Анна"
    assert _read("FN;QUOTED-PRINTABLE:=C0=ED=ED=E0", "cp1251").text == "Анна"
    with pytest.raises(UnicodeDecodeError):
        _read("FN:Анна".encode("cp1251"))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("no colon here", "is no property"),
        (":x", "is no property"),
        ("A B:x", "is no property"),
        ("имя:x", "is no property"),
        ("FN;CHARSET=latin-x:a", 'unknown character set "latin-x"'),
        ("FN;CHARSET=UTF-8;QUOTED-PRINTABLE:=FF", "is not UTF-8"),
        ("FN;ENCODING=b:a", "is no base64"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(line: str, told: str) -> None:
    with pytest.raises(BadValue) as wrong:
        _read(line)

    assert wrong.value.reason.startswith("line 1: ")
    assert told in wrong.value.reason


def test_escapes_mean_what_they_stand_for() -> None:
    read = _read(r"N:a\;b\, c\\n;d\ne\N;http\://x\"y\";c:\dir")

    assert read.parts(";") == ["a;b, c\\n", "d\ne\n", 'http://x"y"', "c:\\dir"]
    assert _read(r"CATEGORIES:a\,b,c").parts(",") == ["a,b", "c"]
    assert _read(r"N:Doe;A\,B,C").lists() == [["Doe"], ["A,B", "C"]]


def test_a_backslash_in_quoted_printable_is_no_line_break() -> None:
    assert _read(r"NOTE;QUOTED-PRINTABLE:C:\new=0D=0Aline").whole() == "C:\\new\r\nline"


def test_a_backslash_at_the_end_is_kept() -> None:
    assert split("a\\", ";") == ["a\\"]
    assert _read("FN:a\\").whole() == "a\\"
