"""By what imports find known records, and what they refuse of those found and of values, whatever a row brings."""

from collections.abc import Mapping, Sequence

from crmctl.errors import Refused, wrong_use
from crmctl.model.records import Record, RecordType, Value
from crmctl.rules.duplicates import Match, Matcher
from crmctl.workspace.known import filled_matcher
from crmctl.workspace.named_records import MOST_TOLD
from crmctl.workspace.outside_ids import RULE
from crmctl.workspace.transaction import Transaction


def import_matcher(tx: Transaction, kind: RecordType, key: Sequence[str] = ()) -> Matcher:
    """Return a matcher that knows every record of a type. Raises WrongUse for a key that is no field.

    Without a key it goes by the outside id, then by the workspace's rules.
    """
    configuration = tx.configuration
    rules = (RULE, *configuration.match.rules.get(kind.value, ()))
    if key:
        with wrong_use("--key: "):
            rules = (tuple([configuration.field(kind, name).name for name in key]),)
    return filled_matcher(tx.writer, Matcher(kind, configuration, rules), kind)


def several(match: Match) -> Refused:
    """Return the error of a row that matches more than one record."""
    return Refused(f"{', '.join(match.fields)}: matches several records: {', '.join(match.ids[:MOST_TOLD])}")


def check_listed(
    tx: Transaction, kind: RecordType, values: Mapping[str, Value | None], known: Record | None = None
) -> None:
    """Raise Refused for a value on the blacklist, unless the known record has it already."""
    if tx.guard and (listed := tx.guard.refusal(kind, values, known)):
        raise Refused(listed[0].message).at(listed[1])
