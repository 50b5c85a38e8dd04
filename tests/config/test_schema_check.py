import socket

import pytest

from crmctl.config.schema_check import check, check_with, compiled, validator
from crmctl.config.yaml_reader import read
from crmctl.errors import NotConfigured
from crmctl.resources import schema_names


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("tried to open a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize(
    "reference",
    [
        "http://169.254.169.254/schema.json",
        "https://example.com/schema.json",
        "file:///etc/passwd",
        "other.schema.json",
        "#/$defs/absent",
    ],
)
@pytest.mark.usefixtures("no_network")
def test_a_reference_to_another_schema_is_refused_and_never_fetched(reference: str) -> None:
    schema = compiled({"type": "object", "properties": {"a": {"$ref": reference}}})
    with pytest.raises(NotConfigured) as error:
        check_with(schema, read(b"a: 1\n", "x.yaml"))
    assert reference.removeprefix("#") in error.value.message


def test_a_schema_that_a_file_names_is_not_looked_at() -> None:
    text = (
        b"# yaml-language-server: $schema=https://example.com/evil.json\n$schema: x\nversion: 1\ntests: []\n"
    )
    found = check(read(text, "a.test.yaml"), "test")
    assert [(one.rule, one.line) for one in found] == [("schema-unknown-key", 2), ("schema-value", 4)]


@pytest.mark.parametrize("name", [name for name in schema_names() if "/" not in name])
def test_every_bundled_schema_compiles_with_nothing_left_to_look_up(name: str) -> None:
    assert "$ref" not in str(validator(name).schema)


def test_constraints_beside_a_reference_hold_together_with_it() -> None:
    schema = {
        "$defs": {"id": {"pattern": "^[a-z]+$"}},
        "properties": {"a": {"$ref": "#/$defs/id", "pattern": "^b"}},
    }
    found = check_with(compiled(schema), read(b"a: c\n", "x.yaml"))
    assert len(found) == 1


@pytest.mark.parametrize("number", ["10.0", "1e1"])
def test_a_whole_number_may_be_written_with_a_fraction_of_nothing(number: str) -> None:
    text = f"version: 1\npipeline: a\nrecord: deal\nstages: [{{stage: a, probability: {number}}}]\n"
    assert check(read(text.encode(), "x.yaml"), "pipeline") == []


@pytest.mark.parametrize("number", [".nan", ".inf", "10.5", "true", "'10'"])
def test_what_is_no_whole_number_is_refused(number: str) -> None:
    text = f"version: 1\npipeline: a\nrecord: deal\nstages: [{{stage: a, probability: {number}}}]\n"
    found = check(read(text.encode(), "x.yaml"), "pipeline")
    assert [(one.rule, one.line, one.column) for one in found] == [("schema-type", 4, 34)]


@pytest.mark.parametrize("address", ["anna", "anna@", "@example.com", "anna@localhost", "a b@example.com"])
def test_formats_are_checked_and_not_only_named(address: str) -> None:
    text = f"version: 1\nname: A\ncurrency: UAH\npipelines: p\nusers: [{{id: anna, email: '{address}'}}]\n"
    found = check(read(text.encode(), "crmctl.yaml"), "crmctl")
    assert [one.message for one in found] == [f'"email" must be an e-mail address, not "{address}"']


def test_a_misspelt_key_comes_with_the_closest_one() -> None:
    text = b"version: 1\nname: A\ncurrency: UAH\npipelines: p\ntime_zone: UTC\n"
    assert check(read(text, "crmctl.yaml"), "crmctl")[0].hint == 'did you mean "timezone"?'


def test_a_number_where_text_is_meant_comes_with_the_quotes_to_add() -> None:
    text = b"version: 1\nname: 12\ncurrency: UAH\npipelines: p\n"
    assert check(read(text, "crmctl.yaml"), "crmctl")[0].hint == "put it in quotes: '12'"
