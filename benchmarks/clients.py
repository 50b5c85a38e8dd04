"""A whole company's records to move in with: `python benchmarks/clients.py N FOLDER`. The same N gives the same files.

N contacts, a fifth as many companies and half as many deals, linked by the ids of the system they come from. Of the
contacts 2 percent stand there twice, written in other ways.
"""

import csv
import random
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

TYPES = ("companies", "contacts", "deals")
"""In the order in which they are imported: what is named by others comes first."""
SOURCES = ("website", "call", "instagram", "telegram", "")
STAGES = ("new", "details", "proposal", "won", "lost")
AGAIN = 0.02
"""The part of the contacts that come once more."""


def write_clients(count: int, folder: Path) -> int:
    """Write a file a record type; return how many contacts stand there twice."""
    chance = random.Random(count)
    companies = max(1, count // 5)
    contacts, again = _contacts(count, companies, chance)
    _write(folder / "companies.csv", ("external_id", "title", "employees"), _companies(companies, chance))
    header = (
        "external_id",
        "first_name",
        "last_name",
        "email",
        "phone",
        "companies",
        "source",
        "created_at",
        "comment",
    )
    _write(folder / "contacts.csv", header, contacts)
    header = (
        "external_id",
        "title",
        "contact",
        "company",
        "stage",
        "lost_reason",
        "amount",
        "created_at",
        "closed_at",
    )
    _write(folder / "deals.csv", header, _deals(count, companies, chance))
    return again


def _companies(count: int, chance: random.Random) -> Iterable[Sequence[str]]:
    for number in range(count):
        yield f"O{number:07d}", f"ООО «Липа {number}»", str(chance.choice((5, 50, 500)))


def _contacts(count: int, companies: int, chance: random.Random) -> tuple[list[Sequence[str]], int]:
    rows: list[Sequence[str]] = []
    again = 0
    for number in range(count):
        outside = f"C{number:07d}"
        if rows and chance.random() < AGAIN:
            rows.append((outside, *_otherwise(rows[-1])))
            again += 1
            continue
        names = f"Имя{number % 997}", f"Фамилия{number % 1009}"
        reach = f"user{number}@example.com", f"+38050{number:07d}"
        company, source = f"O{chance.randrange(companies):07d}", chance.choice(SOURCES)
        day = f"2025-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
        comment = "сказала «позже»,\nи ничего" if number % 97 == 0 else ""
        rows.append((outside, *names, *reach, company, source, day, comment))
    return rows, again


def _otherwise(row: Sequence[str]) -> Sequence[str]:
    """Return the cells of a contact, but for its id, as somebody else typed them."""
    _, first, last, email, phone, *rest = row
    digits = phone.translate(str.maketrans("", "", " ()"))
    return (first, last.upper(), email.upper(), f"{digits[:4]} ({digits[4:6]}) {digits[6:]}", *rest)


def _deals(count: int, companies: int, chance: random.Random) -> Iterable[Sequence[str]]:
    for number in range(count // 2):
        stage = chance.choice(STAGES)
        closed = f"2025-{chance.randint(7, 12):02d}-15" if stage in ("won", "lost") else ""
        reason = "price" if stage == "lost" else ""
        named = f"C{chance.randrange(count):07d}", f"O{chance.randrange(companies):07d}"
        amount = f"{chance.randint(1, 99999)}.00"
        yield (
            f"D{number:07d}",
            f"Сделка {number}",
            *named,
            stage,
            reason,
            amount,
            f"2025-0{number % 6 + 1}-01",
            closed,
        )


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    print(write_clients(int(sys.argv[1]), Path(sys.argv[2])))
