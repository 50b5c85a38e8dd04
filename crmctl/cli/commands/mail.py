"""`crmctl mail`."""

import click

from crmctl.cli.mail_choice import MailChoice, run_mail
from crmctl.cli.options import WriterCommand
from crmctl.cli.session import Session


@click.command(
    "mail",
    cls=WriterCommand,
    writes=("out", "send", "drop"),
    formats=("table", "json", "ids"),
    examples="""
    crmctl mail leads untouched --template hello.txt --subject 'Hi, {{ name }}' -n
    crmctl mail contacts 'tags has vip' --template news.html --out news.mbox
    crmctl mail deals 'amount >= 10k' --template news.html --send --rate 30/min
    crmctl mail --outbox --send
    """,
)
@click.argument("record", required=False, default="", metavar="[TYPE]")
@click.argument("where", required=False, default="", metavar="[EXPR]")
@click.option(
    "--template", default="", metavar="FILE", help="A Jinja2 template; .html makes letters in HTML."
)
@click.option(
    "--subject", metavar="TEXT", help="A template, too; else the template's first line, Subject: ..."
)
@click.option("--out", default="", metavar="DIR|FILE.mbox", help="Write the letters to files.")
@click.option("--send", is_flag=True, help="Send the letters: crmctl help environment names the server.")
@click.option("--rate", default="", metavar="N/min", help="So many letters a second, minute or hour at most.")
@click.option("--again", is_flag=True, help="Also to whom this mailing went before.")
@click.option("--retry-doubtful", is_flag=True, help="Also those of which it is not known whether they went.")
@click.option("--outbox", is_flag=True, help="The letters that stages asked for; without more, list them.")
@click.option("--drop", multiple=True, metavar="ID", help="Take a record's letters out of the outbox unsent.")
@click.pass_obj
def command(session: Session, /, **given: object) -> int:
    """Write letters to the records of TYPE that EXPR is true of, to files or by SMTP.

    The same mailing, of the same records by the same template and subject, goes to no address twice.
    """
    return run_mail(session, MailChoice(**given))  # type: ignore[arg-type]
