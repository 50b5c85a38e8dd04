"""Where the command `crmctl` begins, and `python -m crmctl`."""

import gc
import sys
from typing import NoReturn

_ALLOCATIONS = 200_000
"""Between two looks for garbage, of which Python makes one every 700."""
_SECONDS = 0.0005
"""After which one thread lets another go on, ten times sooner than Python's."""


def main() -> NoReturn:
    """Run the program on the arguments it was called with."""
    # A command lives a moment and makes next to no garbage: looking for it took a tenth of the time of short
    # commands, and a quarter of an import's, all of whose rows are there to stay.
    gc.set_threshold(_ALLOCATIONS)
    # The thread that reads a large file needs the interpreter a moment every few megabytes.
    sys.setswitchinterval(_SECONDS)
    from crmctl.cli.main import main as run

    run()


if __name__ == "__main__":
    main()
