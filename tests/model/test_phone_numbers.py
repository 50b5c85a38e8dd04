"""Plain numbers are read without the library, and never otherwise than by it."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.model.phone_numbers import library_number, plain_number, read_number

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
KINDS = ("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "voip", "personal_number", "uan")
DIGITS = st.sampled_from("0123456789")


@st.composite
def dialled(draw: st.DrawFn) -> tuple[str, str]:
    """A number near one that the metadata gives as an example, as it may be typed, and the region it is typed in."""
    region = draw(st.sampled_from(REGIONS))
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    examples = [
        kind.example_number
        for name in KINDS
        if (kind := getattr(metadata, name)) is not None and kind.example_number
    ]
    digits = list(draw(st.sampled_from(examples)))
    for at in draw(st.lists(st.integers(0, len(digits) - 1), max_size=4)):
        digits[at] = draw(DIGITS)
    code, trunk = str(metadata.country_code), metadata.national_prefix or "0"
    before = draw(st.sampled_from(["+" + code, code, trunk, "", f"+{code}{trunk}", f"00{code}", "8"]))
    text = list(before + "".join(digits) + draw(st.sampled_from(["", "", "", "0", "12"])))
    for mark in draw(st.lists(st.sampled_from(" ().-"), max_size=4)):
        text.insert(draw(st.integers(0, len(text) - 1)), mark)
    return "".join(text), draw(st.sampled_from([region, region, "", *REGIONS]))


@settings(max_examples=1500, deadline=None)
@given(dialled())
def test_a_plain_number_is_what_the_library_reads(number: tuple[str, str]) -> None:
    found = plain_number(*number)
    assert found is None or found == library_number(*number)


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="+0123456789 ().-", min_size=5, max_size=20), st.sampled_from(["", *REGIONS]))
def test_any_digits_and_marks_are_read_as_the_library_reads_them(text: str, region: str) -> None:
    assert read_number(text, region) == library_number(text, region)


@pytest.mark.parametrize("region", REGIONS)
def test_the_example_of_every_region_is_read_as_the_library_reads_it(region: str) -> None:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    for name in KINDS:
        kind = getattr(metadata, name)
        if kind is None or not kind.example_number:
            continue
        for text in (f"+{metadata.country_code}{kind.example_number}", kind.example_number):
            assert read_number(text, region) == library_number(text, region)


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("+380501234567", "", "+380501234567"),
        ("+38 (050) 123-45-67", "UA", "+380501234567"),
        ("+380 (050) 123-45-67", "UA", None),
        ("+7 800 123 45 67", "RU", None),
        ("(050) 123-45-67", "UA", "+380501234567"),
        ("380501234567", "UA", "+380501234567"),
        ("8 (916) 123-45-67", "RU", "+79161234567"),
        ("+7 701 123 45 67", "RU", "+77011234567"),
        ("+1 (212) 555-0123", "", "+12125550123"),
    ],
)
def test_usual_numbers_need_no_library_and_doubtful_ones_do(
    text: str, region: str, number: str | None
) -> None:
    assert plain_number(text, region) == number


@pytest.mark.parametrize(
    "text", ["050 123 45 67 доб. 3", "+380501234567 x3", "☎ 0501234567", "+8001234567", "+0501234567"]
)
def test_what_is_no_plain_number_of_a_country_goes_to_the_library(text: str) -> None:
    assert plain_number(text, "UA") is None
