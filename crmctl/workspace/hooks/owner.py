"""Whether a file or a folder is what its owner, who runs crmctl, made of it."""

import os
import stat

_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def others_hand(status: os.stat_result, what: str = "it") -> str:
    """Return why somebody else could have made this what it is, empty where nobody could."""
    if status.st_uid != os.geteuid():
        return f"{what} belongs to another user"
    return f"others may write to {what} (chmod go-w)" if status.st_mode & _OTHERS else ""
