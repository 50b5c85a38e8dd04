"""Asking a person which pipeline a new deal is for."""

import click
import msgspec

from crmctl.cli.asking import tell
from crmctl.cli.session import Session
from crmctl.errors import CrmError
from crmctl.model.records import RecordType
from crmctl.workspace.convert import ConvertRequest, pipelines_to_ask


def choose_pipeline(session: Session, asked: ConvertRequest) -> ConvertRequest:
    """Ask for the deal's pipeline where several could be meant and somebody can be asked."""
    if not session.may_ask:
        return asked
    choices = pipelines_to_ask(session.workspace, asked)
    if not choices:
        return asked
    for name, title in choices:
        tell(f"  {name}  {title}")
    while True:
        answer = click.prompt("pipeline", err=True)
        try:
            chosen = session.workspace.configuration.pipeline(answer, RecordType.DEAL)
        except CrmError as wrong:
            tell(f"  {wrong.message}" + (f" ({wrong.hint})" if wrong.hint else ""))
        else:
            return msgspec.structs.replace(asked, pipeline=chosen.id)
