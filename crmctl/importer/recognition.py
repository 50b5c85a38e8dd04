"""Which profile a file is read by, told by the names of its columns."""

from collections.abc import Iterable, Sequence

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.import_profile import Signature
from crmctl.model.records import RecordType
from crmctl.text import name_key


class Recognised(msgspec.Struct, frozen=True):
    """The profile that fits a header best, if any, and the best of those for other types of records."""

    signature: Signature | None = None
    elsewhere: Signature | None = None


def recognised(
    header: Sequence[str], signatures: Iterable[Signature], kind: RecordType | None = None
) -> Recognised:
    """Return the profile whose columns a file has: of those that fit, the one that names most of them.

    It is one for records of a type, where that is known.
    Where two name as many, the workspace's own goes before the shipped. Raises WrongUse where nothing tells
    two apart.
    """
    names = {name_key(name) for name in header if name}
    fitting = [each for each in signatures if each.fits(names)]
    own = [each for each in fitting if kind in (None, each.record)]
    others = [each for each in fitting if each not in own]
    return Recognised(_best(names, own), _first_best(names, others))


def _best(names: set[str], fitting: Sequence[Signature]) -> Signature | None:
    ranked = sorted(((_rank(names, each), each) for each in fitting), key=lambda pair: pair[0], reverse=True)
    if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
        first, second = sorted(each.name for _, each in ranked[:2])
        raise WrongUse(
            f"the columns are those of two profiles: {first} and {second}",
            hint=f"--profile {first} or --profile {second} says which, --profile none reads without one",
        )
    return ranked[0][1] if ranked else None


def _first_best(names: set[str], fitting: Sequence[Signature]) -> Signature | None:
    return max(fitting, key=lambda each: _rank(names, each), default=None)


def _rank(names: set[str], signature: Signature) -> tuple[int, bool]:
    return len(names & signature.named), signature.own
