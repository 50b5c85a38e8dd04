"""Tests of the process for people: a line for each, what failed with its place, then what no test reached."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from crmctl.model.process_result import ProcessResult, ProcessRun, Unreached
from crmctl.render.colour import Style
from crmctl.render.findings import Background, SourceLine
from crmctl.render.findings import text as findings_text
from crmctl.render.width import wrap
from crmctl.text import visible

_INDENT, _HANGING = " " * 8, " " * 4


def process_run(run: ProcessRun, source: SourceLine, style: Style) -> str:
    """Return a paragraph for each file, the findings, and what is not reached."""
    parts = [
        "".join(f"{line}\n" for line in [style.bold(visible(path)), *_results(results, style)])
        for path, results in groupby(run.results, key=lambda each: each.place.path)
    ]
    parts += [findings_text.findings(run.findings, Background(source), style)] if run.findings else []
    parts += ["".join(f"{line}\n" for line in _unreached(run.unreached, style))] if run.unreached else []
    return "\n".join(parts)


def _results(results: Iterator[ProcessResult], style: Style) -> Iterator[str]:
    for each in results:
        word = style.green("ok  ") if each.passed else style.red("FAIL")
        yield f"  {word}  {visible(each.name)}"
        if each.passed:
            continue
        for failure in each.failures:
            told = visible(failure.message, multiline=True).replace("\n", f"\n{_INDENT}")
            yield f"{_INDENT}{style.dim(f'{visible(str(failure.place))}:')} {told}"
        for note in each.notes:
            yield f"{_INDENT}{style.dim('note:')} {visible(note)}"


def _unreached(unreached: Sequence[Unreached], style: Style) -> Iterator[str]:
    """Yield a line for each kind of thing in each part; parts of which nothing was reached share one."""
    yield style.bold("reached by no test")
    if whole := [each.part for each in unreached if each.whole]:
        yield from _names("all of", whole, style)
    for each in unreached:
        for what, names in {} if each.whole else each.lists().items():
            yield from _names(f"{each.part}, {what}:", names, style)


def _names(what: str, names: Iterable[str], style: Style) -> Iterator[str]:
    room = None if style.width is None else max(style.width - len(_HANGING), 20)
    first, *rest = wrap(visible(f"{what} {', '.join(names)}"), room)
    yield f"  {first}"
    yield from (f"{_HANGING}{line.strip()}" for line in rest)
