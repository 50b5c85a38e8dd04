"""The record that an id means, as it was typed."""

from crmctl.errors import NotFound
from crmctl.model.records import Record, parse_id, type_of
from crmctl.storage.interface import Reader
from crmctl.workspace.outcome import as_error


def find_record(reader: Reader, text: str) -> Record:
    """Return the record that an id means. Raises WrongUse for what is no id, NotFound, Refused for a hidden one."""
    record_id = parse_id(text)
    record = reader.get(record_id)
    if record is None:
        check_visible(reader, record_id)
        raise not_found(record_id, in_trash=reader.trashed(record_id) is not None)
    return record


def check_visible(reader: Reader, record_id: str) -> None:
    """Raise Refused for a record that is there, but not for who acts."""
    from crmctl.workspace.visible import refusal_to_show

    if refusal := refusal_to_show(reader, record_id):
        raise as_error(refusal)


def not_found(record_id: str, *, in_trash: bool = False) -> NotFound:
    """Return the error of a record that is not there."""
    kind = type_of(record_id)
    if in_trash:
        return NotFound(f"{record_id} is in the trash", record=record_id, hint=f"crmctl restore {record_id}")
    return NotFound(
        f"{kind.value} {record_id} does not exist", record=record_id, hint=f"crmctl list {kind.table}"
    )
