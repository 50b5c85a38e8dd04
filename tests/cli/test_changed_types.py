"""A field whose type is changed in the configuration keeps its old values, still shown and sorted by every command."""

from pathlib import Path

import pytest

VALUES = {
    "text": "abc",
    "long_text": "a\nb",
    "integer": "7",
    "number": "1.5",
    "money": "10 EUR",
    "date": "2026-01-02",
    "datetime": "2026-01-02 10:00",
    "boolean": "yes",
    "list, list: source": "call",
    "tags": "x",
    "user": "anna",
    "phone": "+380501234567",
    "email": "a@example.com",
    "url": "https://example.com",
    "reference, to: contact": "C-1",
}
READING = [
    "list deals --fields id,odd",
    "list deals -o json",
    "list deals --sort odd",
    "list deals --sort -odd,title",
    "list deals --as-of today -o yaml",
    "filter deals|odd > 7 or odd ~ a",
    "export deals - -o json",
    "export deals -",
    "validate --data",
    "log",
    "show D-1",
    "show D-10 -o json",
    "update D-1 -n -s odd=",
]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm):
    """A workspace with a deal for each type that its field `odd` had; call it with the next type."""
    monkeypatch.chdir(tmp_path)
    assert crm("init", "--template", "simple", "-q").code == 0
    configuration = Path("crmctl.yaml")
    text = configuration.read_text()

    def change(kind: str) -> None:
        odd = f"fields:\n  deal:\n    odd: {{type: {kind}, title: Odd}}\n"
        configuration.write_text(text.replace("fields:\n  deal:\n", odd))

    crm("create", "contact", "Ann")
    for kind, value in VALUES.items():
        change(kind)
        assert crm("create", "deal", kind, "-s", f"odd={value}").code == 0
    return change


def test_values_of_another_type_are_shown_and_sorted(typed, crm) -> None:
    for kind in VALUES:
        typed(kind)
        for line in READING:
            command, *expression = line.split("|")
            ran = crm(*command.split(), *expression)
            assert ran.code in (0, 1, 2), (kind, line, ran.err)


def test_values_of_the_new_type_are_in_order_among_those_that_are_not(typed, crm) -> None:
    typed("money")
    for amount in ("300 EUR", "5 EUR"):
        crm("create", "deal", amount, "-s", f"odd={amount}")
    order = crm("list", "deals", "--sort", "odd", "-o", "ids").out.split()
    assert sorted(("D-5", "D-16", "D-17"), key=order.index) == ["D-17", "D-5", "D-16"]


def test_what_is_no_moment_is_shown_as_it_is_kept(typed, crm) -> None:
    typed("datetime")
    assert "abc" in crm("show", "D-1").out
    assert "anna" in crm("list", "deals", "--fields", "id,odd").out
