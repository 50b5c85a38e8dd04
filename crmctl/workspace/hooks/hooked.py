"""Running the hooks of a workspace: before a change is written, without the lock, and after it is on disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from crmctl.errors import Refused
from crmctl.workspace.hooks.copy import private_copy
from crmctl.workspace.hooks.folder import (
    AFTER_CHANGE,
    AFTER_IMPORT,
    BEFORE_CHANGE,
    Hook,
    State,
    hears_of_changes,
    hook_at,
)
from crmctl.workspace.hooks.watched import Checked, Draft, Told, same_changes
from crmctl.workspace.program import Ended, environment, run_program
from crmctl.workspace.transaction import Unsettled

if TYPE_CHECKING:
    from crmctl.model.change import Run
    from crmctl.storage.interface import Writer
    from crmctl.workspace.workspace import Workspace


class Watched:
    """A transaction that hooks are told of: where it writes to and what it changed, where anybody is to hear of it."""

    def __init__(self, workspace: Workspace, writer: Writer, *, heard: bool = True) -> None:
        self.writer = writer
        self.told = Told(workspace, writer)
        self.heard = self.told.take if heard else None
        self.generation = writer.generation

    @property
    def lines(self) -> list[bytes]:
        """The changes, a line each."""
        return self.told.lines


class Hooks:
    """The hooks of one call of crmctl. What before-change agreed to, it is not asked about again."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._agreed: list[bytes] | None = None
        self._named: set[str] = set()
        self._hears = hears_of_changes(workspace.folder)
        self._written = False

    @contextmanager
    def watch(self, *, ask: bool = True) -> Iterator[Watched]:
        """Open the state to be changed: with before-change first without the lock, and under it once that agreed.

        Unless it is to `ask`, before-change is passed over.

        Raises Refused where it does not, Unsettled where what it agreed to is to be decided anew.
        """
        self._written = False
        hook = self.ready(BEFORE_CHANGE) if ask else None
        if hook is None:
            with self._workspace.state() as writer:
                watched = Watched(self._workspace, writer, heard=self._hears)
                yield watched
                self._written = writer.generation > watched.generation
        elif self._agreed is None:
            yield self._drafted(hook)
        else:
            with self._compared(hook, self._agreed) as watched:
                yield watched

    def after(self, watched: Watched, run: Run | None) -> None:
        """Run what is to follow a change that was written. A failure is a warning: the change stands."""
        if not self._written or not watched.lines:
            return
        names = [AFTER_CHANGE, AFTER_IMPORT] if run and run.op == "import" else [AFTER_CHANGE]
        for name in names:
            if hook := self.ready(name):
                self.tell(hook, run_hook(self._workspace, hook, watched.lines, run.id if run else ""))

    def ready(self, name: str) -> Hook | None:
        """Return a hook that may be run. It is told once of one that is there and may not."""
        hook = hook_at(self._workspace.folder, name)
        if hook is None or hook.state is State.TRUSTED:
            return hook
        if name not in self._named:
            self._named.add(name)
            self._workspace.settings.on_warning(f"hook {name} was not run: {hook.why}")
        return None

    def tell(self, hook: Hook, ended: Ended) -> bool:
        """Pass on what a hook said, as a warning where it failed; returns whether it did not."""
        settings = self._workspace.settings
        if ended.fault:
            settings.on_warning("\n".join((f"hook {hook.name} failed: {ended.fault}", *ended.said)))
        elif ended.said:
            settings.on_note("\n".join((f"{hook.name}: {ended.said[0]}", *ended.said[1:])))
        return not ended.fault

    def _drafted(self, hook: Hook) -> Watched:
        """Return a state without the lock; its commit asks the hook, and then is one under the lock."""

        def commit(draft: Draft) -> int:
            self._ask(hook, watched.lines)
            with self._workspace.state() as writer:
                if writer.generation != draft.generation:
                    raise Unsettled
                draft.replay(writer)
                return self._wrote(writer.commit())

        draft = cast("Writer", Draft(self._workspace.store.draft(), commit))
        watched = Watched(self._workspace, draft)
        return watched

    @contextmanager
    def _compared(self, hook: Hook, agreed: Sequence[bytes]) -> Iterator[Watched]:
        """Open the state under the lock; a commit of anything else than was agreed to asks the hook once more."""

        def check() -> None:
            if not same_changes(watched.lines, agreed):
                raise Unsettled

        try:
            with self._workspace.state() as writer:
                watched = Watched(self._workspace, cast("Writer", Checked(writer, check)))
                yield watched
                if writer.generation > watched.generation:
                    self._wrote(writer.generation)
        except Unsettled:
            # Only here is the lock free.
            self._ask(hook, watched.lines)
            raise

    def _ask(self, hook: Hook, lines: list[bytes]) -> None:
        """Show the changes to a hook, and keep that it agreed. Raises Refused."""
        if lines:
            ended = run_hook(self._workspace, hook, lines)
            if ended.fault:
                raise _refusal(hook, ended)
            self.tell(hook, ended)
        self._agreed = lines

    def _wrote(self, generation: int) -> int:
        self._written, self._agreed = True, None
        return generation


def run_hook(workspace: Workspace, hook: Hook, lines: Sequence[bytes], run: str = "") -> Ended:
    """Run a hook as it was read, on lines; `run` is the id of the run that they are, where they are one."""
    more = {"CRMCTL_RUN": run} if run else {}
    given = b"".join(b"%b\n" % line for line in lines)
    try:
        with private_copy(hook) as program:
            return run_program([str(program)], given, environment(workspace, hook.name, **more))
    except OSError as error:
        return Ended(f"cannot be run: {error.strerror or error}")


def _refusal(hook: Hook, ended: Ended) -> Refused:
    told = f"{hook.name} refused the change: {ended.told}"
    more = ended.said if ended.told not in ended.said else ended.said[1:]
    error = Refused(told, details=[{"message": line} for line in more])
    error.code = "hook_refused"
    return error
