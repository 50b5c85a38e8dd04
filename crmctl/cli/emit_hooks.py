"""Writing the hooks of a workspace, and what became of trusting them."""

from collections.abc import Sequence

from crmctl.cli.output import Output
from crmctl.model.table import Column
from crmctl.workspace.hooks.folder import Hook

_COLUMNS = tuple(
    Column(name, title)
    for name, title in (("hook", "Hook"), ("state", "State"), ("why", "Why it is not run"))
)


def emit_hooks(output: Output, hooks: Sequence[Hook]) -> None:
    """Write the hooks; as ids their names."""
    rows = [_row(hook) for hook in hooks]
    if output.format == "ids":
        output.text("".join(f"{hook.name}\n" for hook in hooks))
    elif rows or output.format:
        output.rows(_COLUMNS, rows)
    else:
        output.status("there are no hooks: they are programs in .crmctl/hooks")


def emit_trusted(output: Output, hooks: Sequence[Hook]) -> None:
    """Say which hooks are trusted now, and which are not run all the same."""
    if output.format:
        emit_hooks(output, hooks)
    for hook in hooks:
        output.status(f"{hook.name} is trusted as it stands (SHA-256 {hook.digest[:16]}...)")
        if hook.why:
            output.warning(f"{hook.name} is not run: {hook.why}")
    if not hooks:
        output.status("there are no hooks to trust")


def emit_untrusted(output: Output, names: Sequence[str]) -> None:
    """Say which hooks are trusted no longer."""
    output.status(f"trusted no longer: {', '.join(names)}" if names else "none of them was trusted")


def _row(hook: Hook) -> dict[str, str]:
    """Return a hook as JSON shows it, what is empty left out."""
    row = {
        "hook": hook.name,
        "state": hook.state.value,
        "why": hook.why,
        "path": str(hook.path),
        "sha256": hook.digest,
    }
    return {name: text for name, text in row.items() if text}
