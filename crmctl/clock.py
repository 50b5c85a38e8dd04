"""The only place that reads the clock. Everything else is told what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment in UTC, to the second: the precision records are kept in."""
    return datetime.now(UTC).replace(microsecond=0)
