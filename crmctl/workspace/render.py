"""`render`: one document for a record, such as an offer or an invoice."""

import msgspec

from crmctl.errors import WrongUse
from crmctl.whole_file import whole_file
from crmctl.workspace.filling import Filling, filled, template_named
from crmctl.workspace.find import find_record
from crmctl.workspace.own_files import check_target, same_file
from crmctl.workspace.workspace import Workspace


class Rendered(msgspec.Struct, frozen=True):
    """A document: of which record and template, where it was written (`-`: nowhere yet), and what it says."""

    record: str
    template: str
    out: str
    text: str
    subject: str = ""


def render(workspace: Workspace, record_id: str, template_name: str, out: str) -> Rendered:
    """Fill a template with a record, and write the file that is named, whole or not at all.

    Raises NotFound, WrongUse, BadTemplate, StoreUnreadable.
    """
    reader = workspace.read()
    record = find_record(reader, record_id)
    template = template_named(workspace, template_name)
    if out != "-":
        check_target(workspace, out)
        if same_file(out, template.path):
            raise WrongUse(f"{out} is the template: it is not written over", hint="name another file")
    (document,) = filled(workspace, reader, Filling(template), [record])
    if out != "-":
        with whole_file(out) as file:
            file.write(document.text.encode())
    return Rendered(record.id, template_name, out, document.text, document.subject)
