"""`filter --save` and `--forget`: views that are kept in the store, and never in the reviewed YAML."""

from collections.abc import Mapping

import msgspec

from crmctl.errors import NotFound, WrongUse
from crmctl.model.configuration import View
from crmctl.model.records import RecordType, record_type
from crmctl.text import is_blank, names_hint, nfc
from crmctl.workspace.listing import (
    BUILT_IN_VIEWS,
    ListRequest,
    bound_where,
    kept_views,
    scope_of,
    view_named,
    where_text,
    with_view,
)
from crmctl.workspace.workspace import Workspace


def save_view(workspace: Workspace, name: str, asked: ListRequest, *, dry_run: bool = False) -> View | None:
    """Keep a filter under a name and return the view whose place it took.

    Raises WrongUse for a name that is none or that another view has which is not to be replaced from here,
    and for a bad expression.
    """
    name = nfc(name).strip()
    if is_blank(name):
        raise WrongUse("--save: a view needs a name", hint="--save big")
    _check_own(workspace, name, "choose another name")
    workspace.configuration.check_kind(asked.kind)
    with workspace.committed(dry_run=dry_run) as writer:
        asked, scope = with_view(workspace, writer, asked), scope_of(workspace, asked.kind, asked.pipeline)
        bound_where(asked, scope, writer)
        views = kept_views(writer)
        before = view_named(name, views)
        replaced = _of_kind(views, before, asked.kind) if before else None
        view = View(asked.kind.value, where_text(asked, scope), asked.sort, asked.fields)
        views = {each: kept for each, kept in views.items() if each != before} | {name: view}
        writer.put_document("views", msgspec.to_builtins(views))
    return replaced


def forget_view(workspace: Workspace, name: str, kind: RecordType, *, dry_run: bool = False) -> View:
    """Remove a kept view and return it. Raises NotFound, WrongUse for one that is not to be removed from here."""
    _check_own(workspace, name, "only those that filter --save kept are removed from here")
    with workspace.committed(dry_run=dry_run) as writer:
        views = kept_views(writer)
        found = view_named(name, views)
        if found is None:
            raise NotFound(f'no view "{name}" is kept', hint=names_hint(name, views, "kept are"))
        view = _of_kind(views, found, kind)
        del views[found]
        writer.put_document("views", msgspec.to_builtins(views))
    return view


def _check_own(workspace: Workspace, name: str, hint: str) -> None:
    """Raise WrongUse for a view that is part of the configuration or of crmctl."""
    for views, owner in ((workspace.configuration.views, "crmctl.yaml"), (BUILT_IN_VIEWS, "crmctl itself")):
        if found := view_named(name, views):
            raise WrongUse(f'{owner} has a view "{found}"', hint=hint)


def _of_kind(views: Mapping[str, View], name: str, kind: RecordType) -> View:
    """Return a kept view. Raises WrongUse for one of another record type."""
    view = views[name]
    if record_type(view.record) is not kind:
        raise WrongUse(
            f'"{name}" is a view of {view.record} records: {view.where}',
            hint=f'crmctl filter {view.record} --forget "{name}" removes it',
        )
    return view
