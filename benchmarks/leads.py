"""Leads to measure with: `python benchmarks/leads.py N > leads.csv`. The same N gives the same file."""

import csv
import random
import sys
from pathlib import Path
from typing import TextIO

HEADER = (
    *("title", "first_name", "last_name", "company_name", "phone", "email", "source"),
    *("stage", "amount", "currency", "comment", "owner", "created_at"),
)
STAGES = ("new", "in_work", "no_answer")
SOURCES = ("website", "call", "instagram", "telegram")
DEALS_HEADER = ("title", "source", "stage", "amount", "created_at", "closed_at")
DEAL_STAGES = ("call", "offer", "won", "lost")


def write_leads(count: int, out: TextIO) -> None:
    chance = random.Random(count)
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for number in range(count):
        writer.writerow(
            [
                f"Лид {number}",
                f"Имя{number % 997}",
                f"Фамилия{number % 1009}",
                f"ООО {number % 5003}",
                f"+38050{number:07d}",
                f"user{number}@example.com",
                chance.choice(SOURCES),
                chance.choice(STAGES),
                f"{chance.randint(1, 99999)}.{chance.randint(0, 99):02d}",
                "UAH",
                f"комментарий {number}",
                chance.choice(("anna", "oleg")),
                f"2025-{number % 11 + 1:02d}-{number % 28 + 1:02d}",
            ]
        )


def write_deals(count: int, out: TextIO) -> None:
    """Write deals of the same sources, half of them closed."""
    chance = random.Random(count)
    writer = csv.writer(out)
    writer.writerow(DEALS_HEADER)
    for number in range(count):
        stage = chance.choice(DEAL_STAGES)
        closed = f"2025-{chance.randint(7, 12):02d}-15" if stage in DEAL_STAGES[2:] else ""
        amount = f"{chance.randint(1, 99999)}.00"
        opened = f"2025-0{number % 6 + 1}-{number % 28 + 1:02d}"
        writer.writerow([f"Сделка {number}", chance.choice(SOURCES), stage, amount, opened, closed])


def read_leads(path: str) -> list[dict[str, str]]:
    """Return the rows of a file that `write_leads` wrote."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    write_leads(int(sys.argv[1]), sys.stdout)
