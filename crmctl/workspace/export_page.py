"""An export for people to read: the page that `list -o html` and `list -o markdown` show, with more columns."""

from collections.abc import Sequence

from crmctl.model.records import Record
from crmctl.render.colour import Style
from crmctl.render.formats import as_is, output_format
from crmctl.render.listing import Listing
from crmctl.storage.interface import Reader
from crmctl.workspace.listing import ListRequest
from crmctl.workspace.presentation import Presenter
from crmctl.workspace.workspace import Workspace

_LEFT_OUT = frozenset({"record", "revision", "phone_typed"})
"""What says nothing to a reader."""


def record_page(
    workspace: Workspace, reader: Reader, which: ListRequest, records: Sequence[Record], format_name: str
) -> str:
    """Return a page with a row for each record, and, where none are named, a column for each field in use."""
    used = {name for record in records for name in record.values} | {"id", "title"}
    known = workspace.configuration.fields_of(which.kind)
    names = which.fields or [name for name in known if name in used and name not in _LEFT_OUT]
    presenter = Presenter(workspace, reader, which.kind, names)
    cells = [presenter.cells(record.values) for record in records]
    return output_format(format_name).records(Listing(presenter.columns, (), cells), Style(), as_is)
