"""What profiles say of every row, as `--set`, `--pipeline` and `--stage` do: these, given by hand, go before."""

from collections.abc import Iterable

import msgspec

from crmctl.errors import WrongUse
from crmctl.importer.targets import Targets
from crmctl.model.import_profile import ImportProfile
from crmctl.rules.assignment import STAGED, Assignment
from crmctl.workspace.import_choices import Choices


def with_profiles(choices: Choices, profiles: Iterable[ImportProfile | None], targets: Targets) -> Choices:
    """Return the choices with what the profiles of the files set. Raises WrongUse where those do not agree.

    A field that the workspace does not have is left out.
    """
    given = {each.name: each.set for each in profiles if each}
    if len({tuple(sorted(each.items())) for each in given.values()}) > 1:
        raise WrongUse(
            f"the profiles {' and '.join(given)} set different values for their rows",
            hint="import the files one by one",
        )
    values = {
        name: text for each in given.values() for name, text in each.items() if text and targets.field(name)
    }
    typed = {each.field for each in choices.assignments} | ({"owner"} if choices.owner else set())
    added = [Assignment(name, (text,)) for name, text in values.items() if name not in (*typed, *STAGED)]
    return msgspec.structs.replace(
        choices,
        assignments=(*choices.assignments, *added),
        pipeline=choices.pipeline or values.get("pipeline", ""),
        stage=choices.stage or values.get("stage", ""),
    )
