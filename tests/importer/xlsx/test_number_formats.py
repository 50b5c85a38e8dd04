import pytest

from crmctl.importer.xlsx.number_formats import read_format


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("yyyy-mm-dd", "date"),
        ("dd.mm.yyyy hh:mm", "date"),
        ("[$-419]d mmm yyyy;@", "date"),
        ('dd" "mmmm" "yyyy" г."', "date"),
        ("mmm", "date"),
        ("h:mm", "time"),
        ("mm:ss.0", "time"),
        ("h:mm AM/PM", "time"),
        ("[h]:mm:ss", "length"),
        ("[mm]:ss", "length"),
        ("00000", "zeros"),
    ],
)
def test_the_code_tells_what_numbers_are_shown_as(code: str, kind: str) -> None:
    found = read_format(code)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "0",
        "0.00",
        "#,##0.00",
        '#,##0.00" USD"',
        '0" days"',
        "0.00E+00",
        "[Red]0;[Blue]-0",
        '_-* #,##0.00\\ "₽"_-',
        "[$USD] 0.00",
        "0%",
        "@",
        "# ?/?",
        "\\d0",
        "000-0000",
        '"№"000',
        "",
        '"',
        "[",
        "\\",
    ],
)
def test_other_numbers_stay_numbers(code: str) -> None:
    assert read_format(code) is None
