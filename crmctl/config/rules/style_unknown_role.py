"""Under `access:` a role is named that no user has, so that the entry limits nobody.

A role that `access:` does not name may do everything in the pipeline: with a slip in its name, those whom the
entry is about may, too. Give the role to users in crmctl.yaml, or remove the entry.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import style
from crmctl.config.words import suggestion
from crmctl.text import name_key

RULE = style("unknown-role", of_all=True)


def check(project: Project) -> Iterator[Fault]:
    """Yield the roles that nobody has."""
    if project.configuration is None or not project.whole:
        return
    roles = {name_key(user.role): user.role for user in project.configuration.users if user.role}
    for document in project.pipelines:
        for permission in document.top.each("access"):
            role = permission.get("role")
            if role and name_key(role.value) not in roles:
                yield Fault(
                    role, f'no user has the role "{role.value}"', suggestion(role.value, [*roles.values()])
                )
