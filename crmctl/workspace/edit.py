"""`edit`: a record as YAML for an editor, and what was changed in it."""

from collections.abc import Mapping

import msgspec

from crmctl.config.yaml_reader import read
from crmctl.errors import WrongUse, wrong_use
from crmctl.model.field import Field
from crmctl.model.records import Record
from crmctl.rules.assignment import Assignment
from crmctl.typed import typed_texts
from crmctl.workspace.find import find_record
from crmctl.workspace.workspace import Workspace


class Editable(msgspec.Struct, frozen=True):
    """A record opened for editing: its text, and the values and revision that it was made from."""

    record: Record
    values: Mapping[str, str | list[str]]
    text: str


def editable(workspace: Workspace, text: str) -> Editable:
    """Return a record's editable fields as YAML. Raises NotFound, WrongUse."""
    record = find_record(workspace.read(), text)
    fields = workspace.configuration.fields_of(record.type, record.pipeline)
    values = {
        name: _shown(record, field, workspace)
        for name, field in fields.items()
        if not field.computed and name != "pipeline" and record.get(name) is not None
    }
    empty = [name for name, field in fields.items() if not field.computed and record.get(name) is None]
    return Editable(record, values, _document(record, values, empty))


def edited(before: Editable, text: str) -> list[Assignment]:
    """Return the assignments that an edited text makes of the record. Raises WrongUse naming the line."""
    document = read(text.encode(), before.record.id)
    for finding in document.findings:
        raise WrongUse(f"line {finding.line}: {finding.message}", hint=finding.hint or None)
    after = {} if document.data is None else document.data
    if not isinstance(after, dict):
        raise WrongUse("the text is no list of fields and values")
    found = []
    for name in dict.fromkeys([*after, *before.values]):
        with wrong_use(f"{name}: "):
            texts = typed_texts(after.get(name))
        if texts != typed_texts(before.values.get(name)):
            found.append(Assignment(name, texts))
    return found


def _shown(record: Record, field: Field, workspace: Workspace) -> str | list[str]:
    value = record.get(field.name)
    conventions = workspace.conventions
    if isinstance(value, list):
        return [field.show([one], conventions) for one in value]
    return field.show(value, conventions)


def _document(record: Record, values: Mapping[str, str | list[str]], empty: list[str]) -> str:
    import yaml

    body = yaml.safe_dump(dict(values), allow_unicode=True, sort_keys=False, width=100)
    lines = [f"# {record.label}", "# Save to change it, leave it as it is to change nothing.", body.rstrip()]
    lines += ["", "# Empty:", *(f"# {name}: " for name in empty)] if empty else []
    return "\n".join(lines) + "\n"
