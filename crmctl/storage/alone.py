"""Whether a file can be written over without anybody seeing it change."""

import fcntl
import os
import signal
import stat

from crmctl.storage.rights import listed_rights


def is_alone(handle: int) -> bool:
    """Tell whether a file that is open to be written has no second name, no list of rights and is open nowhere else.

    Only Linux can tell; elsewhere nobody is ever alone. Raises OSError, also where somebody is there.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
        return False
    if listed_rights(handle):  # whoever could read it once would read it again
        return False
    # Only who is alone is given a lease to write. It need not be kept: nobody knows the file's name any more. Who
    # comes upon it all the same waits for its end, and the signal about that is one that does not end us.
    fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
    fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return True
