"""Why a row is rejected, in the words of what refused it."""

from collections.abc import Iterator
from contextlib import contextmanager

from crmctl.errors import BadValue, CrmError
from crmctl.importer.rejects import Fault
from crmctl.model.records import RecordType
from crmctl.rules.decision import Refusal


class Rejected(Exception):
    """What a row asks for is refused, of its own record or of one that it brings along."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(*(fault.reason for fault in faults))
        self.faults = faults


def refused(refusal: Refusal, head: str = "") -> Rejected:
    """Return the rejection that a refusal is; `head` stands before its fields, as `contact.`."""
    lacking = [
        Fault(f"required and empty: {head}{each.field.label} ({each.reason})", head + each.name)
        for each in refusal.missing
    ]
    field = "stage" if refusal.code == "not_allowed" else ""
    return Rejected(tuple(lacking) or (Fault(refusal.message, field),))


def fault_of(error: BadValue | CrmError) -> Fault:
    """Return what was wrong with a row, and with which field of it."""
    told, field = (error.reason, "") if isinstance(error, BadValue) else (error.message, error.field)
    return Fault(f"{told} ({error.hint})" if error.hint else told, field)


@contextmanager
def about(kind: RecordType) -> Iterator[None]:
    """Name the record that a row brings along in what is wrong with it."""
    try:
        yield
    except CrmError as error:
        error.message = f"{kind.value}: {error.message}"
        raise error.at(f"{kind.value}.{error.field}" if error.field else "") from None
