"""tabulate, without what it would load beside itself.

To learn its own version it reads the descriptions of installed packages, and it loads the tables of `wcwidth` for
texts that have no wide character, too: together they are nine tenths of its start, and a fifth of a short command's.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any


def set_columns(grid: Sequence[Sequence[str]], sides: Sequence[str], *, wide: bool) -> str:
    """Return rows of cells set in columns; `wide` tells that characters may take another width than one column."""
    with _spared():
        import tabulate
    if wide:
        import wcwidth

        module: Any = tabulate
        module.wcwidth, module.WIDE_CHARS_MODE = wcwidth, True
    return tabulate.tabulate(grid, tablefmt="plain", disable_numparse=True, colalign=sides)


@contextmanager
def _spared() -> Iterator[None]:
    """Let imports find a metadata reader that knows no package, and no `wcwidth`, unless they are loaded already."""
    stand_ins: dict[str, ModuleType | None] = {"importlib.metadata": _no_metadata(), "wcwidth": None}
    ours = {name: module for name, module in stand_ins.items() if name not in sys.modules}
    sys.modules.update(ours)  # type: ignore[arg-type]  # None is how Python marks what cannot be imported
    try:
        yield
    finally:
        for name in ours:
            del sys.modules[name]


def _no_metadata() -> ModuleType:
    class PackageNotFoundError(ModuleNotFoundError):
        """What the real one raises, too."""

    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    found = ModuleType("importlib.metadata")
    found.__dict__.update(version=version, PackageNotFoundError=PackageNotFoundError)
    return found
