"""What ships must be an example of what the rules ask for."""

import pytest

from crmctl.config.check import report_workspace
from crmctl.resources import folder, template_names


@pytest.mark.parametrize("name", template_names())
def test_a_shipped_template_passes_with_no_finding_even_under_strict(name: str) -> None:
    assert report_workspace(folder("pipelines") / name).findings == ()


@pytest.mark.parametrize("name", template_names())
def test_every_yaml_file_of_a_template_leads_editors_to_its_schema(name: str) -> None:
    root = folder("pipelines") / name
    for file in root.rglob("*.yaml"):
        line = file.read_text("utf-8").splitlines()[0]
        schema = line.removeprefix("# yaml-language-server: $schema=")
        assert (file.parent / schema).resolve().parent == folder("schemas").resolve()
        assert (file.parent / schema).is_file()
