"""A pipeline asks for no reason when a record is lost.

Without `reasons:`, or a lost stage that requires one, nobody will know why leads are rejected and deals
are lost.

    reasons: {list: lost_reason}
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import style

RULE = style("no-reasons")


def check(project: Project) -> Iterator[Fault]:
    """Yield the lost stages of pipelines without reasons, unless they require a reason themselves."""
    for document, pipeline in project.compiled:
        if document.top.get("reasons"):
            continue
        reason = pipeline.reason_field
        for stage in document.top.each("stages"):
            required = {entry.named("field").value for entry in stage.each("require")}
            name = stage.get("stage")
            if name and stage.text("outcome") == "lost" and reason not in required:
                hint = f"add reasons: {{list: {reason}}} to the pipeline"
                yield Fault(name, f'stage "{name.value}" asks for no reason', hint)
