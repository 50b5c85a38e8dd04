"""How text is dressed for where it goes. Colour repeats what the words say, never replaces them."""

from collections.abc import Mapping

import msgspec


class Style(msgspec.Struct, frozen=True):
    """What the place that text goes to can show; `width` is the terminal's, None where nothing is cut."""

    colour: bool = False
    unicode: bool = True
    width: int | None = None

    @property
    def ellipsis(self) -> str:
        """What stands for text that was cut off."""
        return "…" if self.unicode else "..."

    def bold(self, text: str) -> str:
        """Return a heading."""
        return self._painted("1", text)

    def dim(self, text: str) -> str:
        """Return what matters less: places, rules, ids of runs."""
        return self._painted("2", text)

    def red(self, text: str) -> str:
        """Return what failed or was lost."""
        return self._painted("31", text)

    def green(self, text: str) -> str:
        """Return what was made or won."""
        return self._painted("32", text)

    def yellow(self, text: str) -> str:
        """Return what deserves a look."""
        return self._painted("33", text)

    def cyan(self, text: str) -> str:
        """Return what points somewhere: hints, bars."""
        return self._painted("36", text)

    def _painted(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text


PLAIN = Style()
"""For files and pipes: no colour, nothing cut."""


def choose_style(
    environment: Mapping[str, str],
    *,
    terminal: bool,
    choice: str = "auto",
    width: int | None = None,
    encoding: str = "utf-8",
) -> Style:
    """Return the style for a stream: `choice` is `auto`, `always` or `never`; `width` is a terminal's alone.

    `NO_COLOR` and `FORCE_COLOR` count when they are not empty (https://no-color.org, https://force-color.org).
    """
    dumb = environment.get("TERM") == "dumb"
    if choice != "auto":
        colour = choice == "always"
    elif environment.get("NO_COLOR"):
        colour = False
    elif environment.get("FORCE_COLOR"):
        colour = environment["FORCE_COLOR"] != "0"
    else:
        colour = terminal and not dumb
    utf = encoding.lower().replace("-", "").replace("_", "").startswith("utf")
    return Style(colour=colour, unicode=utf and not dumb, width=width or None if terminal else None)
