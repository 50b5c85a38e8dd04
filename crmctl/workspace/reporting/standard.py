"""`report NAME`: a standard report of the workspace, drawn up from what its definition makes of the facts."""

from collections.abc import Mapping

from crmctl.model.records import record_type
from crmctl.model.table import Report
from crmctl.reports.standard import standard_report
from crmctl.workspace.reporting.behind import records_behind
from crmctl.workspace.reporting.explanation import as_of_text
from crmctl.workspace.reporting.facts import WorkspaceFacts
from crmctl.workspace.reporting.finish import finished
from crmctl.workspace.reporting.notes import records_notes, standing_notes
from crmctl.workspace.reporting.scope import ReportScope, named_pipelines
from crmctl.workspace.reporting.section_block import block_of
from crmctl.workspace.reporting.standard_explained import explained
from crmctl.workspace.workspace import Workspace


def report(workspace: Workspace, name: str, scope: ReportScope, options: Mapping[str, str]) -> Report:
    """Return a standard report; `options` are its own, by name. Raises NotFound, WrongUse."""
    found = standard_report(name)
    facts = WorkspaceFacts(workspace, found.REPORT, scope, options)
    made = found.make(facts)
    passages = records_behind(made, found.REPORT) if scope.ids else []
    explanation = explained(workspace, facts, found.REPORT, made) if scope.explain else None
    if explanation:
        passages.append(explanation.passage)
    typed = {"record": record_type(options["record"]).value} if found.REPORT.of_type else {}
    asked = {option.name: options[option.name] for option in found.REPORT.options if options.get(option.name)}
    drawn = Report(
        report=name,
        as_of=as_of_text(workspace),
        filters={**_pipelines(workspace, facts), **typed, **asked, **scope.filters()},
        blocks=tuple(block_of(section, made, found.REPORT, facts) for section in made.sections),
        totals=made.totals,
        notes=(*made.notes, *_standing_notes(workspace, facts)),
        more={"explain": explanation.document} if explanation else {},
        passages=tuple(passages),
        question=found.REPORT.question,
    )
    return finished(drawn, workspace, scope)


def _standing_notes(workspace: Workspace, facts: WorkspaceFacts) -> list[str]:
    others = facts.records_gathered
    beside = {*facts.beside, *(each.kind for each in others)}
    return [*standing_notes(workspace, facts.gathered, beside), *records_notes(others)]


def _pipelines(workspace: Workspace, facts: WorkspaceFacts) -> dict[str, str]:
    over = dict.fromkeys(each.pipeline.id for each in facts.gathered)
    # Those named may be of what the records counted led to.
    over |= dict.fromkeys(each.id for each in named_pipelines(workspace, facts.scope))
    return {"pipeline": ",".join(over)} if over else {}
