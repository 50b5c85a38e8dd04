"""`crmctl diff`: a report with a command of its own."""

from crmctl.cli.report_command import report_command

command = report_command("diff")
