"""The folder in which the user's programs keep their configuration: not in a workspace, which others may write."""

import os
from collections.abc import Mapping
from pathlib import Path


def configuration_home(environment: Mapping[str, str]) -> Path:
    """Return the folder; a relative one does not count, since it would be another one wherever one stands."""
    named = environment.get("XDG_CONFIG_HOME", "")
    if named.startswith("/"):
        return Path(named)
    home = environment.get("HOME", "")
    if home.startswith("/"):
        return Path(home, ".config")
    import pwd

    try:
        return Path(pwd.getpwuid(os.geteuid()).pw_dir, ".config")
    except KeyError:
        return Path("/nonexistent")
