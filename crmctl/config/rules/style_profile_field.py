"""An import profile sends a column to a field that this workspace does not have.

Such a column is passed over, and told of where something stands in it. That may be meant, as with the profiles that
are shipped, which name more fields than one workspace has; in a profile of your own it is mostly a typing error.

    columns: {Mobile: phon}          # wrong: the field is phone
    columns: {Shoe size: '-'}        # right: passed over on purpose
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.profile_parts import ELSEWHERE, field_of, known_targets, record_of, spots
from crmctl.config.project import Project
from crmctl.config.rule import style
from crmctl.text import did_you_mean

RULE = style("profile-field")


def check(project: Project) -> Iterator[Fault]:
    """Yield the targets that are no fields."""
    for profile in project.profiles if project.configuration else ():
        kind = record_of(profile)
        for spot in spots(profile):
            target = spot.target.value
            if target in ELSEWHERE or field_of(target, kind, project):
                continue
            hint = did_you_mean(target, known_targets(kind, project)) or "'-' passes a column over on purpose"
            yield Fault(spot.target, f'{kind.table} have no field "{target}"', hint, at_key=spot.at_key)
