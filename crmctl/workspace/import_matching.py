"""By what imports find known records, and what they refuse of those found and of values, whatever a row brings."""

from collections.abc import Mapping, Sequence

from crmctl.errors import Refused, wrong_use
from crmctl.model.records import Record, RecordType, Value
from crmctl.rules.duplicates import Match, Matcher
from crmctl.workspace.known import filled_matcher
from crmctl.workspace.named_records import MOST_TOLD
from crmctl.workspace.outside_ids import RULE, OutsideIds
from crmctl.workspace.transaction import Transaction


def import_matcher(tx: Transaction, kind: RecordType, key: Sequence[str] = ()) -> Matcher:
    """Return a matcher that knows every record of a type. Raises WrongUse for a key that is no field.

    Without a key it goes by the outside id, that of rows which meant a record once, too, then by the workspace's
    rules. A key means what a record has itself: by it rows that were taken for another's are told apart.
    """
    configuration = tx.configuration
    if key:
        with wrong_use("--key: "):
            names = tuple([configuration.field(kind, name).name for name in key])
        return filled_matcher(tx.writer, Matcher(kind, configuration, (names,)), kind)
    rules = (RULE, *configuration.match.rules.get(kind.value, ()))
    matcher = filled_matcher(tx.writer, Matcher(kind, configuration, rules), kind)
    for text, record_id in OutsideIds(tx.writer).all_of(kind):
        values = {"external_id": text}
        if matcher.find(values).fields != RULE:  # what a record has as its own means that
            matcher.add(record_id, values)
    return matcher


def several(match: Match) -> Refused:
    """Return the error of a row that matches more than one record."""
    return Refused(f"{', '.join(match.fields)}: matches several records: {', '.join(match.ids[:MOST_TOLD])}")


def check_listed(
    tx: Transaction, kind: RecordType, values: Mapping[str, Value | None], known: Record | None = None
) -> None:
    """Raise Refused for a value on the blacklist, unless the known record has it already."""
    if tx.guard and (listed := tx.guard.refusal(kind, values, known)):
        raise Refused(listed[0].message).at(listed[1])
