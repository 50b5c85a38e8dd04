"""What tests of the process came to: results, and what of the configuration none of them reached."""

import msgspec

from crmctl.model.finding import Finding, Severity
from crmctl.model.place import Place


class Failure(msgspec.Struct, frozen=True):
    """An expectation that did not come true: its key, where it is written, what was wanted and what was found."""

    key: str
    place: Place
    expected: str
    actual: str

    @property
    def message(self) -> str:
        """Both in a sentence; `actual` may go on over several lines."""
        return f"{self.key}: expected {self.expected}, got {self.actual}"


class ProcessResult(msgspec.Struct, frozen=True):
    """How a test ended. `notes` say what is odd about the records it was given."""

    name: str
    place: Place
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything came as expected."""
        return not self.failures


class Unreached(msgspec.Struct, frozen=True):
    """What of a pipeline, a record type or tasks.yaml no test reached, in words.

    `part` is its id; `whole` tells that nothing of it was reached.
    """

    part: str
    stages: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    transitions: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    whole: bool = False

    def lists(self) -> dict[str, tuple[str, ...]]:
        """Return the names under what they are names of, where there are any."""
        found = {
            "stages": self.stages,
            "gates": self.gates,
            "transitions": self.transitions,
            "results": self.results,
        }
        return {key: names for key, names in found.items() if names}


class ProcessRun(msgspec.Struct, frozen=True):
    """All tests that ran, what is wrong with files, and what no test reached.

    `files` are those that were read; `unreached` is None where nobody asked, since only some tests were to run.
    """

    results: tuple[ProcessResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()
    unreached: tuple[Unreached, ...] | None = None

    @property
    def failures(self) -> int:
        """How many tests failed."""
        return sum(not each.passed for each in self.results)

    @property
    def broken_files(self) -> tuple[str, ...]:
        """The files with errors, none of whose tests ran."""
        errors = (each.path for each in self.findings if each.severity is Severity.ERROR)
        return tuple(dict.fromkeys(errors))

    @property
    def failed(self) -> bool:
        """Whether the answer is no."""
        return bool(self.failures or self.broken_files)
