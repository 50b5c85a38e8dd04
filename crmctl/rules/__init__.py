"""Pure decisions: what a command would change, or why it is refused. No I/O; `crmctl.workspace` carries them out."""
