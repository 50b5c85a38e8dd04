"""Write a CSV of leads such as a trading house gets from its site, messengers and phone.

The same arguments always make the same file, but for the day it is made on (`--until`). One row in a hundred
is bad, in four ways in turn, so that an import has something to reject.
"""

import argparse
import csv
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from people import GOODS, OWNERS, firm, money, person

COLUMNS = (
    "Название лида",
    "Стадия",
    "Имя",
    "Фамилия",
    "Название компании",
    "Телефон",
    "E-mail",
    "Источник",
    "Сумма",
    "Ответственный",
    "Комментарий",
    "Причина брака",
    "Дата создания",
    "Дата закрытия",
)
FAULTS = (
    ("Источник", "ТикТок"),
    ("Сумма", "1.234"),
    ("Дата создания", "03/04/2026"),
    ("Телефон", "123"),
)
SOURCES = {
    "Instagram": 20,
    "Инстаграм": 6,
    "Telegram": 12,
    "Вайбер": 8,
    "Facebook": 10,
    "Сайт": 14,
    "CRM-форма": 8,
    "Звонок": 8,
    "Обратный звонок": 4,
    "Почта": 3,
    "По рекомендации": 5,
    "Выставка": 2,
}
FRESH = {"Не обработан": 80, "Взят в работу": 20}
STAGES = {
    "Не обработан": 12,
    "Взят в работу": 16,
    "Обработан": 8,
    "Не дозвонились": 9,
    "Качественный лид": 31,
    "Некачественный лид": 24,
}
REASONS = ("Спам", "Нецелевой звонок", "Неверный номер", "Такого не продаём", "Дорого", "Ошибочное обращение")
COMMENTS = (
    "Просит прайс-лист",
    "Перезвонить после обеда",
    'Спрашивал про "эконом"; нужна скидка',
    "Интересует опт\nАдрес доставки уточнит",
    "Первый заказ, оплата по счёту",
)


def leads(rows: int, until: date, seed: int) -> Iterator[dict[str, str]]:
    """Yield the rows, none of them created after the day before `until`."""
    dice = random.Random(seed)
    bad = iter(sorted(dice.sample(range(rows), rows // 100)))
    next_bad, faults = next(bad, None), 0
    for number in range(rows):
        row = _lead(dice, number, until)
        if number == next_bad:
            column, value = FAULTS[faults % len(FAULTS)]
            row[column] = value
            next_bad, faults = next(bad, None), faults + 1
        yield row


def _lead(dice: random.Random, number: int, until: date) -> dict[str, str]:
    who = person(dice, number)
    company = firm(dice, who) if dice.random() < 0.45 else ""
    days = int(120 * dice.random() ** 1.4)
    end = datetime.combine(until, datetime.min.time())
    created = end - timedelta(days=days, seconds=dice.randrange(1, 50_000))
    ended = created + timedelta(seconds=int((end - created).total_seconds() * dice.uniform(0, 0.3)))
    stage = _chosen(dice, FRESH if days < 3 else STAGES)
    closed = stage in ("Качественный лид", "Некачественный лид")
    return {
        "Название лида": f"{dice.choice(GOODS)}: {company or who.last_name}",
        "Стадия": stage,
        "Имя": who.first_name,
        "Фамилия": who.last_name,
        "Название компании": company,
        "Телефон": who.phone,
        "E-mail": who.mail,
        "Источник": _chosen(dice, SOURCES),
        "Сумма": money(dice, 500, 120_000 if company else 9_000) if dice.random() < 0.7 else "",
        "Ответственный": "" if stage == "Не обработан" and dice.random() < 0.6 else dice.choice(OWNERS),
        "Комментарий": dice.choice(COMMENTS) if dice.random() < 0.25 else "",
        "Причина брака": dice.choice(REASONS) if stage == "Некачественный лид" else "",
        "Дата создания": str(created),
        "Дата закрытия": str(ended) if closed else "",
    }


def _chosen(dice: random.Random, weights: dict[str, int]) -> str:
    return dice.choices(list(weights), list(weights.values()))[0]


def _today() -> date:
    # Midnight in UTC is past in Kyiv, wherever this runs: nothing is dated in the future.
    return datetime.now(UTC).date()


def main() -> None:
    """Write the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--until", type=date.fromisoformat, default=_today(), help="a day (today)")
    asked = parser.parse_args()
    with asked.file.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=";", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(leads(asked.rows, asked.until, asked.seed))


if __name__ == "__main__":
    main()
