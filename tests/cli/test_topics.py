"""The topics of `crmctl help` say what crmctl does and what the docs say."""

import re
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from crmctl.cli.main import cli
from crmctl.cli.topics import DATES, ENVIRONMENT, EXIT_CODES, FILTERS, FORMATS, TOPICS
from crmctl.dates import read_span
from crmctl.query.expression import FLAGS

ROOT = Path(__file__).parent.parent.parent
WIDTH = 80
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.mark.parametrize("name", TOPICS)
def test_every_topic_is_shown_and_fits_a_terminal(crm, name: str) -> None:
    ran = crm("help", name)
    assert (ran.code, ran.out) == (0, TOPICS[name].lstrip("\n"))
    assert [line for line in ran.out.splitlines() if len(line) > WIDTH] == []


def test_the_exit_codes_are_those_of_the_docs() -> None:
    page = (ROOT / "docs" / "exit-codes.md").read_text("utf-8")
    documented = re.findall(r"^\| ([\d, ]+) \|", page, re.MULTILINE)
    told = re.findall(r"^ +(\d+)  ", EXIT_CODES, re.MULTILINE) + re.findall(r", (\d+) terminated", EXIT_CODES)
    assert told == ", ".join(documented).split(", ")


def test_every_variable_that_is_read_is_told() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "crmctl").rglob("*.py"))
    read = re.findall(r'environ(?:ment)?(?:\.get\(|\[)"([A-Z_]+)"', source)
    assert "CRMCTL_USER" in read
    told = set(re.findall(r"[A-Z_]+", ENVIRONMENT)) | {"COMP_WORDS", "COMP_CWORD"}  # the shells' own
    assert set(read) - told == set()


@pytest.mark.parametrize("line", re.findall(r"^  (\S.*)$", FILTERS, re.MULTILINE))
def test_every_filter_shown_can_be_used(workspace: Path, crm, line: str) -> None:
    assert 0 in {crm("filter", table, line).code for table in ("deals", "leads")}


def test_every_flag_is_told() -> None:
    (flags,) = re.findall(r"^Flags(.*?)^Text", FILTERS, re.MULTILINE | re.DOTALL)
    assert set(flags.split()) & set(FLAGS) == set(FLAGS)


def test_every_form_of_a_date_shown_is_read() -> None:
    shown = re.findall(r"^  (\S.*?)  +\S", DATES, re.MULTILINE)
    words = [word for text in shown for word in re.split(r", | (?![\d:])", text) if word not in ("", "...")]
    assert len(words) > 25
    for word in words:
        read_span(word, NOW, "Europe/Kyiv")


def formats(group: click.Group) -> set[str]:
    found: set[str] = set()
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        found |= formats(command) if isinstance(command, click.Group) else set(command.formats)
    return found


def test_every_output_format_is_told() -> None:
    assert formats(cli) - set(re.findall(r"\w+", FORMATS)) == set()
