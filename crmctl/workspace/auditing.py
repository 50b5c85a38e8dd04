"""`validate --data`: every stored record, held against the present configuration."""

import msgspec

from crmctl.model.finding import Finding
from crmctl.model.records import RecordType
from crmctl.rules.audit import RULES, Fault, audit
from crmctl.storage.interface import column
from crmctl.workspace.integrity import Integrity
from crmctl.workspace.workspace import Workspace


class Audited(msgspec.Struct, frozen=True):
    """What was found, record after record, and how many records were looked at."""

    findings: tuple[Finding, ...] = ()
    records: int = 0


def audit_records(workspace: Workspace) -> Audited:
    """Look at every record of a workspace. The place of a finding is a record's id."""
    reader = workspace.whole()
    context, get_id = workspace.context(reader), column("id")
    integrity = Integrity(reader, context)
    ids = {get_id(row) for kind in RecordType for row in reader.scan(kind, ("id",))}
    found, count = [], 0
    for kind in RecordType:
        for record in reader.records(kind):
            count += 1
            twins = (Fault("data-unique", refusal.message) for refusal in integrity.twins(record))
            for fault in (*audit(record, context, ids.__contains__), *twins):
                severity, _ = RULES[fault.rule]
                found.append(Finding(record.id, 0, 0, fault.rule, severity, fault.message, fault.hint))
    return Audited(tuple(found), count)
