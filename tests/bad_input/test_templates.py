"""T01: templates that reach for more than values, or do not end."""

from pathlib import Path

import pytest


@pytest.fixture
def lead(workspace: Path, crm) -> str:
    crm("create", "lead", "{{ 7 * 7 }}<b>", "-s", "email=a@example.com", "-s", "comment={% include 'x' %}")
    return "L-1"


def test_t01_what_customers_wrote_is_a_value_and_escaped_in_html(lead: str, crm) -> None:
    for name, shown in (("t.txt", "{{ 7 * 7 }}<b>"), ("t.html", "{{ 7 * 7 }}&lt;b&gt;")):
        Path(name).write_text("{{ title }} {{ comment }}")
        assert crm("render", lead, "--template", name).out.startswith(f"{shown} {{% include ")


@pytest.mark.parametrize(
    "text",
    [
        "{{ record.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ record | attr('__init__') }}",
        "{% include '/etc/passwd' %}",
        "{% include '../crmctl.yaml' %}",
        "{{ nope }}",
    ],
)
def test_t01_nothing_but_values_is_in_reach(lead: str, crm, text: str) -> None:
    Path("letters").mkdir()
    Path("letters/t.txt").write_text(text)
    ran = crm("render", lead, "--template", "letters/t.txt", "--out", "out.txt")
    assert ran.code == 1
    assert "letters/t.txt:1: " in ran.err
    assert not Path("out.txt").exists()


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(10 ** 9) %}x{% endfor %}",
        "{{ 'x' * 10 ** 11 }}",
        "{% for a in range(99999) %}{{ 'x' * 9999 }}{% endfor %}",
        "{% include 't.txt' %}",
    ],
)
def test_t01_a_template_that_does_not_end_is_ended(lead: str, crm, text: str) -> None:
    Path("t.txt").write_text(text)
    for call in (("render", lead), ("mail", "leads", "open", "--subject", "x", "-n")):
        ran = crm(*call, "--template", "t.txt")
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("error: ")


@pytest.mark.parametrize("call", ["{% include 'data.txt' %}", "{% import 'data.txt' as x %}{{ x }}"])
def test_t01_the_database_is_no_template_whatever_its_name(lead: str, crm, call: str) -> None:
    Path("crm.json").rename("data.txt")
    Path("t.txt").write_text(call)
    ran = crm("render", lead, "--template", "t.txt", "--db", "data.txt")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith('error: t.txt:1: "data.txt" is the database, and no template')
