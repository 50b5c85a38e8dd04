"""How long a company takes to move in: its companies, contacts and deals, linked by the ids of where they come from."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from clients import TYPES, write_clients
from programs import Place, crmctl_in, has, quietly

Measured = Callable[[list[str]], tuple[float, float]]
"""Runs a command and returns its seconds and megabytes."""


def moving_in(place: Place, measure: Measured, tell: Callable[[str], None]) -> None:
    """Import each record type in turn, with every contact, then look for those that stand there twice."""
    folder = place.folder / "moving"
    folder.mkdir()
    planted = write_clients(place.count, folder)
    crm = folder / "crm"
    quietly([*crmctl_in(crm)[:1], "init", str(crm), "--template", "simple", "-q"])
    tell(
        f"\n## Moving in: {place.count:,} contacts, {place.count // 5:,} companies, {place.count // 2:,} deals\n"
    )
    tell("| job | crmctl, s | MB | to sqlite-utils |")
    tell("|---|--:|--:|--:|")
    for kind in TYPES:
        table = str(folder / f"{kind}.csv")
        again = ["--on-duplicate", "create"] if kind == "contacts" else []
        seconds, megabytes = measure([*crmctl_in(crm), "import", kind, table, *again, "-q"])
        tell(f"| import {kind} | {seconds:.2f} | {megabytes:.0f} | {_peer(folder, kind, seconds, measure)} |")
    seconds, megabytes = measure([*crmctl_in(crm), "duplicates", "contacts"])
    tell(f"| duplicates contacts | {seconds:.2f} | {megabytes:.0f} | - |")
    tell(f"\nOf {planted:,} contacts that stand there twice {_found(crm):,} were found.")


def _peer(folder: Path, kind: str, seconds: float, measure: Measured) -> str:
    if not has("sqlite-utils"):
        return "-"
    table = str(folder / f"{kind}.csv")
    taken, _ = measure(["sqlite-utils", "insert", str(folder / "crm.db"), kind, table, "--csv"])
    return f"{seconds / taken:.2f} x"


def _found(crm: Path) -> int:
    """Return how many records the groups have beside the first of each."""
    found = subprocess.run(
        [*crmctl_in(crm), "duplicates", "contacts", "-o", "json"], check=True, capture_output=True
    )
    return sum(len(group["records"]) - 1 for group in json.loads(found.stdout))
