"""pygal, loaded when something is drawn, and without what it would change elsewhere."""

import sys
from types import ModuleType

from crmctl.errors import NotConfigured


def load_pygal() -> ModuleType:
    """Return the library. Raises NotConfigured where it is not installed."""
    try:
        import pygal
    except ImportError:
        told = "charts need pygal, which is not installed"
        raise NotConfigured(told, hint="pip install 'crmctl[html]'") from None
    # It would take part in every later import, to find maps that are packages of their own, in a way Python warns of.
    sys.meta_path[:] = [each for each in sys.meta_path if type(each).__module__ != "pygal"]
    module: ModuleType = pygal
    return module
