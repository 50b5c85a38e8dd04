import subprocess
import sys

import pytest

HEAVY = ("tabulate", "wcwidth", "yaml", "csv", "html", "jsonschema", "urllib.parse", "xml", "click")


def modules_after(code):
    told = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(told.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "from crmctl.render.formats import *\nfrom crmctl.render.listing import *\n"
        "from crmctl.render.colour import *\n"
        "output_format('json').records(Listing((), [{'id': 'D-1', 'title': 'Кофе'}]), PLAIN, as_is)",
        "from crmctl.render.error import *\nfrom crmctl.errors import *\n"
        "error_text(Refused('нет', hint='№ 1'))",
        "from crmctl.render.findings import *\nrender_findings('json', [])",
    ],
    ids=["json records", "errors", "findings"],
)
def test_what_prints_no_table_loads_nothing_for_tables(code):
    assert modules_after(code) & set(HEAVY) == set()


TABLE = (
    "from crmctl.render.table import *\nfrom crmctl.render.colour import PLAIN\n"
    "draw_table([Column('title', 'Название')], [['Кофе “Утро” №1']], PLAIN)\n"
)
WIDE = "draw_table([Column('title', 'Title')], [['日本']], PLAIN)\n"


def test_a_table_of_letters_loads_neither_width_tables_nor_the_descriptions_of_packages():
    assert modules_after(TABLE) & {"wcwidth", "importlib.metadata", "email"} == set()


def test_what_a_table_was_spared_is_there_for_whoever_asks_next():
    asked = "from importlib.metadata import version\nassert version('click')\n"
    assert {"tabulate", "wcwidth", "importlib.metadata"} <= modules_after(TABLE + WIDE + asked)
