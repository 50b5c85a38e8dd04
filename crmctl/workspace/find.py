"""The record that an id means, as it was typed."""

from crmctl.errors import NotFound
from crmctl.model.merging import INTO
from crmctl.model.records import Record, parse_id, type_of
from crmctl.storage.interface import Reader
from crmctl.workspace.merged import heir
from crmctl.workspace.outcome import as_error


def find_record(reader: Reader, text: str) -> Record:
    """Return the record that an id means. Raises WrongUse for what is no id, NotFound, Refused for a hidden one."""
    record_id = parse_id(text)
    record = reader.get(record_id)
    if record is None:
        check_visible(reader, record_id)
        raise gone(reader, record_id)
    return record


def check_visible(reader: Reader, record_id: str) -> None:
    """Raise Refused for a record that is there, but not for who acts."""
    from crmctl.workspace.visible import refusal_to_show

    if refusal := refusal_to_show(reader, record_id):
        raise as_error(refusal)


def gone(reader: Reader, record_id: str) -> NotFound:
    """Return the error of a record that is not there, or no more: then it says where it is."""
    trashed = reader.trashed(record_id)
    if trashed is None:
        return not_found(record_id)
    told, hint = whereabouts(reader, trashed)
    return NotFound(f"{record_id} {told}", record=record_id, hint=hint)


def whereabouts(reader: Reader, trashed: Record) -> tuple[str, str]:
    """Return where a record in the trash is, and the command that goes on from there."""
    into = heir(reader, trashed.id) or trashed.text(INTO)
    if into:
        return f"was merged into {into}", f"crmctl show {into}"
    return "is in the trash", f"crmctl restore {trashed.id}"


def not_found(record_id: str) -> NotFound:
    """Return the error of a record that is not there."""
    kind = type_of(record_id)
    return NotFound(
        f"{kind.value} {record_id} does not exist", record=record_id, hint=f"crmctl list {kind.table}"
    )
