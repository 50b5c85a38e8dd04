"""`create`: new records, through the gate and past the duplicates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from crmctl.errors import WrongUse, wrong_use
from crmctl.model.records import RecordType
from crmctl.rules.assignment import STAGED, Assignment, apart, assigned
from crmctl.rules.create import NewRecord, create, placed
from crmctl.rules.decision import Refusal
from crmctl.rules.duplicates import Match, Matcher
from crmctl.typed import typed_texts
from crmctl.workspace.known import filled_matcher
from crmctl.workspace.outcome import Outcome, WriteOptions, refused
from crmctl.workspace.transaction import Transaction, transaction, until_settled
from crmctl.workspace.workspace import Workspace

if TYPE_CHECKING:
    from crmctl.workspace.namesakes import Namesakes


class Draft(msgspec.Struct, frozen=True):
    """A record as it was typed."""

    kind: RecordType
    assignments: tuple[Assignment, ...]
    pipeline: str = ""
    stage: str = ""


@until_settled
def create_records(
    workspace: Workspace, drafts: Sequence[Draft], options: WriteOptions, *, allow_duplicate: bool = False
) -> Outcome:
    """Create every draft or none. Raises Refused, WrongUse, NotFound."""
    refusals: list[Refusal] = []
    with transaction(workspace, options) as tx:
        if len(drafts) > 1:
            tx.begin_run("create", record=drafts[0].kind.value)
        matchers: dict[RecordType, Matcher] = {}
        made: set[str] = set()
        namesakes = _namesakes(tx, drafts)
        for draft in drafts:
            matcher = None if allow_duplicate else _matcher(tx, draft.kind, matchers)
            answer = _create(tx, draft, matcher)
            if isinstance(answer, Refusal):
                refusals.append(answer)
                continue
            made |= set(answer)
            if namesakes:
                namesakes.take(tx.get(answer[-1]))
        if refusals and not (options.partial or options.dry_run):
            raise refused(refusals, len(drafts))
        outcome = tx.commit()
        asked = tuple(record for record in outcome.records if record.id in made)
        notes = (*outcome.notes, *(namesakes.notes if namesakes else ()))
        return msgspec.structs.replace(outcome, refusals=tuple(refusals), records=asked, notes=notes)


def _namesakes(tx: Transaction, drafts: Sequence[Draft]) -> Namesakes | None:
    """Return what looks for others of the names of new companies; nothing where none are made."""
    if not any(draft.kind is RecordType.COMPANY for draft in drafts):
        return None
    from crmctl.workspace.named_records import NamedRecords
    from crmctl.workspace.namesakes import Namesakes

    return Namesakes(NamedRecords(tx.writer))


def _create(tx: Transaction, draft: Draft, matcher: Matcher | None) -> Sequence[str] | Refusal:
    """Create what a draft asks for and return the ids of that, or return why not."""
    if draft.kind is RecordType.TASK:
        from crmctl.workspace.new_tasks import create_tasks

        return create_tasks(tx, draft.assignments, draft.pipeline, draft.stage)
    new = _new_record(draft, tx)
    if tx.guard and (listed := tx.guard.refusal(draft.kind, new.values)):
        told = f"{draft.kind.value} cannot be created: {listed[0].message}"
        return msgspec.structs.replace(listed[0], message=told)
    match = matcher.find(new.values) if matcher else Match()
    if match.ids:
        return _duplicate(draft, match)
    answer = tx.set_off.follow(create(tx.writer.new_id(draft.kind), new, tx.context))
    if isinstance(answer, Refusal):
        return answer
    record = [tx.apply(change) for change in answer][-1].record
    if matcher:
        matcher.add(record.id, record.values)
    return [record.id]


def _new_record(draft: Draft, tx: Transaction) -> NewRecord:
    tx.context.configuration.check_kind(draft.kind)
    own, tx.set_off.aimed = apart(draft.assignments, draft.kind)
    named = {each.field: each.texts[-1] for each in own if each.field in STAGED}
    pipeline = draft.pipeline or named.get("pipeline", "")
    stage = draft.stage or named.get("stage", "")
    found, _ = placed(NewRecord(draft.kind, {}, pipeline, stage), tx.context)
    rest = [each for each in own if each.field not in STAGED]
    values = assigned(rest, draft.kind, tx.context, pipeline=found.id if found else "")
    return NewRecord(draft.kind, values, found.id if found else "", stage)


def _duplicate(draft: Draft, match: Match) -> Refusal:
    fields = ", ".join(match.fields)
    return Refusal(
        None,
        f"a {draft.kind.value} with this {fields} exists: {', '.join(match.ids)}",
        hint="--allow-duplicate creates it all the same",
        details=tuple(
            {"message": f"crmctl show {record_id}", "record": record_id} for record_id in match.ids[:5]
        ),
        code="duplicate",
    )


def _matcher(tx: Transaction, kind: RecordType, made: dict[RecordType, Matcher]) -> Matcher:
    if kind not in made:
        made[kind] = filled_matcher(tx.writer, Matcher(kind, tx.configuration), kind)
    return made[kind]


def drafts_of(kind: RecordType, documents: Sequence[object], pipeline: str, stage: str) -> list[Draft]:
    """Return the drafts of JSON objects, such as another program sends. Raises WrongUse."""
    drafts = []
    for at, document in enumerate(documents, 1):
        if not isinstance(document, dict):
            raise WrongUse(f"record {at} is not a JSON object")
        drafts.append(Draft(kind, _document_assignments(document, kind, at), pipeline, stage))
    return drafts


def _document_assignments(document: dict[str, Any], kind: RecordType, at: int) -> tuple[Assignment, ...]:
    stated = document.pop("record", kind.value)
    if stated != kind.value:
        raise WrongUse(f'record {at} is a "{stated}", not a {kind.value}')
    found = []
    for name, value in document.items():
        with wrong_use(f"record {at}, {name}: "):
            found.append(Assignment(name, typed_texts(value)))
    return tuple(found)
