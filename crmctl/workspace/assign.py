"""`assign`: records to owners."""

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.records import Record, RecordType
from crmctl.rules.assign import Loads, people, user
from crmctl.rules.decision import Refusal
from crmctl.rules.update import update
from crmctl.storage.interface import Reader, column
from crmctl.workspace.each import change_each
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.transaction import Transaction
from crmctl.workspace.workspace import Workspace

Give = Callable[[Record, Transaction], Change | Refusal]


class Assignees(msgspec.Struct, frozen=True):
    """To whom records go: one user, users in turn, or whoever of them has least open records."""

    to: str = ""
    round_robin: str = ""
    least_loaded: str = ""


def assign_records(
    workspace: Workspace, ids: Sequence[str], assignees: Assignees, options: WriteOptions
) -> Outcome:
    """Give every record named an owner, a task an assignee. Raises WrongUse for users nobody knows."""
    return change_each(workspace, ids, options, "assign", _giving(assignees, workspace))


def _giving(assignees: Assignees, workspace: Workspace) -> Give:
    """Return what gives a record its owner. Raises WrongUse."""
    configuration = workspace.configuration
    if [bool(each) for each in msgspec.structs.astuple(assignees)].count(True) != 1:
        raise WrongUse("to whom?", hint="add one of --to USER, --round-robin USERS, --least-loaded USERS")
    if assignees.to:
        owner = workspace.by if assignees.to == "me" else user(assignees.to, configuration)
        return lambda record, tx: _given(record, owner, tx)
    if assignees.round_robin:
        return _in_turn(people(assignees.round_robin, configuration))
    return _to_least(people(assignees.least_loaded, configuration), workspace)


def _in_turn(users: Sequence[str]) -> Give:
    def give(record: Record, tx: Transaction) -> Change | Refusal:
        name = tx.set_off.turns.upcoming(users)
        answer = _given(record, name, tx)
        if isinstance(answer, Change):
            tx.set_off.turns.take(users, name)
        return answer

    return give


def _to_least(users: Sequence[str], workspace: Workspace) -> Give:
    # By transaction, too: one that is decided again begins with what everybody has then.
    held: dict[tuple[Transaction, RecordType], dict[str, str]] = {}
    loads: dict[tuple[Transaction, RecordType], Loads] = {}

    def give(record: Record, tx: Transaction) -> Change | Refusal:
        key = tx, record.type
        if key not in loads:
            held[key] = _holders(record.type, workspace, tx.writer)
            loads[key] = Loads(Counter(held[key].values()))
        present = held[key].get(record.id, "")
        name = loads[key].least(users, present)
        answer = _given(record, name, tx)
        if isinstance(answer, Change):
            loads[key].give(name, present)
        return answer

    return give


def _given(record: Record, owner: str, tx: Transaction) -> Change | Refusal:
    values = {_holding(record.type): owner}
    if record.type is RecordType.TASK:
        from crmctl.activities.change import changed

        answer = changed(record, values, tx.context, "assign")
    else:
        answer = update(record, values, tx.context, op="assign")
    # Asked for here, so that a record that is not given away takes nobody's turn.
    refusal = tx.set_off.leave.refusal(answer) if isinstance(answer, Change) else None
    return refusal or answer


def _holding(kind: RecordType) -> str:
    """Return the field that tells whose a record is."""
    return "assignee" if kind is RecordType.TASK else "owner"


def _holders(kind: RecordType, workspace: Workspace, reader: Reader) -> dict[str, str]:
    """Return whose each record of a type is: the open ones, where they can be open."""
    from crmctl.workspace.listing import bound_text, scope_of

    can_be_open = kind.staged or kind is RecordType.TASK
    bound = bound_text("open", scope_of(workspace, kind), reader) if can_be_open else None
    holder = column(_holding(kind))
    rows = reader.scan(kind, ("id", _holding(kind)), workspace.filter(bound, reader))
    return {row.f_id: name for row in rows if (name := holder(row))}
