"""A title or an alias says what another id, title or alias already says.

Commands and imports find stages, list entries, users, fields, and types, templates and results of tasks by any of
their names; one that two share finds only the first. It is reported where the weaker claim stands: an alias
before a title, a title before an id.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from crmctl.config.document import Fault, Node
from crmctl.config.project import OwnField, Project
from crmctl.config.rule import Rule
from crmctl.model.field import Field
from crmctl.model.records import RecordType
from crmctl.model.standard_fields import STANDARD_FIELDS
from crmctl.text import name_key

RULE = Rule("reference-duplicate-alias", needed=False)


class Claim(msgspec.Struct, frozen=True):
    """Something with names; `node` is where they stand, nothing for what is built in."""

    id: str
    node: Node | None
    title: str = ""
    aliases: tuple[str, ...] = ()
    title_key: str = "title"


def check(project: Project) -> Iterator[Fault]:
    """Yield the names that are claimed twice."""
    for document in project.pipelines:
        yield from _claimed_twice("stage", [_claim(stage, "stage") for stage in document.top.each("stages")])
    yield from _fields(project)
    if project.tasks:
        yield from _tasks(project.tasks.top)
    if project.workspace:
        top = project.workspace.top
        yield from _claimed_twice("user", [_claim(user, "id", "name") for user in top.each("users")])
        for name, entries in top.pairs("lists"):
            yield from _claimed_twice(f'"{name}" entry', [_claim(entry, "id") for entry in entries.items()])


def _tasks(top: Node) -> Iterator[Fault]:
    """Check the names of what tasks.yaml declares by id, and its categories."""
    for group, noun in (("types", "type of task"), ("templates", "task template"), ("results", "result")):
        claims = [msgspec.structs.replace(_claim(node, ""), id=name) for name, node in top.pairs(group)]
        yield from _claimed_twice(noun, claims)
    yield from _claimed_twice("category", [_claim(entry, "id") for entry in top.each("categories")])


def _claim(node: Node, id_key: str, title_key: str = "title") -> Claim:
    if isinstance(node.value, str):
        return Claim(node.value, node)
    aliases = tuple(alias.value for alias in node.each("aliases"))
    return Claim(node.text(id_key), node, node.text(title_key), aliases, title_key)


def _fields(project: Project) -> Iterator[Fault]:
    """Check the fields of each record type, and of each pipeline those that are its own."""
    for kind in RecordType:
        standard = [_built_in(field) for field in STANDARD_FIELDS.get(kind, ())]
        shared = [_declared(field) for field in project.workspace_fields() if field.record is kind]
        yield from _claimed_twice("field", [*standard, *shared])
        for document in project.pipelines:
            if document.top.text("record") == kind.value:
                own = [_declared(OwnField(name, node, kind)) for name, node in document.top.pairs("fields")]
                others = [msgspec.structs.replace(claim, node=None) for claim in shared]
                yield from _claimed_twice("field", [*standard, *others, *own])


def _built_in(field: Field) -> Claim:
    return Claim(field.name, None, field.title, field.aliases)


def _declared(field: OwnField) -> Claim:
    return msgspec.structs.replace(_claim(field.node, ""), id=field.name)


def _claimed_twice(noun: str, claims: Sequence[Claim]) -> Iterator[Fault]:
    owners: dict[str, Claim] = {}
    for claim in claims:
        owners.setdefault(name_key(claim.id), claim)
    for claim in claims:
        yield from _claimed(noun, owners, claim, [(claim.title, (claim.title_key,))])
    for claim in claims:
        aliases = [(alias, ("aliases", at)) for at, alias in enumerate(claim.aliases)]
        yield from _claimed(noun, owners, claim, aliases)


def _claimed(
    noun: str, owners: dict[str, Claim], claim: Claim, names: Iterable[tuple[str, tuple[str | int, ...]]]
) -> Iterator[Fault]:
    for name, keys in names:
        owner = owners.setdefault(name_key(name), claim) if name else claim
        # Entries with the same id are told of by another rule.
        if owner.id != claim.id and claim.node is not None:
            at = Node(claim.node.document, (*claim.node.keys, *keys), name)
            kind = "alias" if keys[0] == "aliases" else keys[0]
            yield Fault(at, f'{kind} "{name}" already means {noun} "{owner.id}"')
