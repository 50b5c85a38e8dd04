"""Write a CSV of wholesale and retail deals at every stage, with the fields their stages require.

The same arguments always make the same file, but for the day it is made on (`--until`). Three rows claim to
be on their way without a waybill, which the gate does not let in.
"""

import argparse
import csv
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from people import GOODS, OWNERS, STREETS, firm, money, person

COLUMNS = (
    "Название сделки",
    "Направление",
    "Стадия сделки",
    "Сумма",
    "Валюта",
    "Источник",
    "Ответственный",
    "Дата выезда",
    "Реквизиты оплаты",
    "Способ доставки",
    "Адрес доставки",
    "ТТН",
    "Предполагаемая дата закрытия",
    "Причина отказа",
    "Дата создания",
    "Дата закрытия",
)
WON, LOST, NEEDS_WAYBILL = "Завершить сделку", "Сделка провалена", "Передан на отправку"
STAGES = {
    "Опт": {
        "Новая": 7,
        "Выезд на магазин": 8,
        "Формирование заказа": 8,
        "Заказ внесен": 5,
        "Отправлено на склад": 5,
        "Заказ собран": 4,
        NEEDS_WAYBILL: 4,
        "Отправлено": 5,
        "Товар получен": 3,
        "Документация получена": 3,
        WON: 28,
        LOST: 20,
    },
    "Розница": {
        "Новая": 8,
        "Ожидает оплаты": 9,
        NEEDS_WAYBILL: 6,
        "Отправлено": 5,
        "В пути": 5,
        "На отделении": 4,
        "Товар получен": 3,
        WON: 42,
        LOST: 18,
    },
}
SOURCES = ("Instagram", "Telegram", "Viber", "Facebook", "Сайт", "Звонок", "Существующий клиент", "Выставка")
PAYMENTS = ("Наличные", "Карта", "Безнал", "Наложенный платёж")
DELIVERIES = ("Курьер", "Самовывоз", "Новая почта")
REASONS = ("Дорого", "Ушёл к конкуренту", "Перестал отвечать", "Больше не нужно", "Нет в наличии")
FAULTY = 3


def deals(rows: int, until: date, seed: int) -> Iterator[dict[str, str]]:
    """Yield the rows, none of them created after the day before `until`."""
    dice, faulty = random.Random(seed), 0
    for number in range(rows):
        row = _deal(dice, number, until)
        if row["Стадия сделки"] == NEEDS_WAYBILL and faulty < FAULTY:
            row["ТТН"], faulty = "", faulty + 1
        yield row


def _deal(dice: random.Random, number: int, until: date) -> dict[str, str]:
    who = person(dice, number)
    pipeline = dice.choices(tuple(STAGES), (45, 55))[0]
    wholesale = pipeline == "Опт"
    stages = list(STAGES[pipeline])
    stage = dice.choices(stages, list(STAGES[pipeline].values()))[0]
    closed = stage in (WON, LOST)
    euros = wholesale and dice.random() < 0.03
    return {
        "Название сделки": f"{dice.choice(GOODS)}: {firm(dice, who) if wholesale else who.last_name}",
        "Направление": pipeline,
        "Стадия сделки": stage,
        "Сумма": money(dice, *((300, 4_000) if euros else (4_000, 240_000) if wholesale else (300, 12_000))),
        "Валюта": "EUR" if euros else "UAH",
        "Источник": dice.choice(SOURCES),
        "Ответственный": dice.choice(OWNERS),
        **_dates(dice, until, closed=closed),
        **_required(dice, stages[: stages.index(stage) + 1] if stage != LOST else []),
        "Причина отказа": dice.choice(REASONS) if stage == LOST else "",
    }


def _dates(dice: random.Random, until: date, *, closed: bool) -> dict[str, str]:
    """Return when the deal began and when it ended, or when it is to end."""
    end = datetime.combine(until, datetime.min.time())
    created = end - timedelta(days=1 + dice.randrange(150 if closed else 45), seconds=dice.randrange(50_000))
    ended = created + timedelta(seconds=int((end - created).total_seconds() * dice.uniform(0.1, 0.6)))
    return {
        "Дата создания": str(created),
        "Дата закрытия": str(ended) if closed else "",
        "Предполагаемая дата закрытия": "" if closed else str(until + timedelta(days=dice.randrange(-3, 60))),
        "Дата выезда": str(created.date() + timedelta(days=1)),
    }


def _required(dice: random.Random, passed: list[str]) -> dict[str, str]:
    """Return what the stages passed so far ask for."""
    paid = any(stage in passed for stage in ("Формирование заказа", "Ожидает оплаты"))
    sent = NEEDS_WAYBILL in passed
    delivery = dice.choice(DELIVERIES)
    street = f"{dice.choice(STREETS)}, {dice.randrange(1, 120)}"
    return {
        "Реквизиты оплаты": dice.choice(PAYMENTS) if paid else "",
        "Способ доставки": delivery if sent else "",
        "Адрес доставки": street if sent and delivery == "Курьер" else "",
        "ТТН": f"2045{dice.randrange(10**10):010}" if sent else "",
    }


def _today() -> date:
    # Midnight in UTC is past in Kyiv, wherever this runs: nothing is dated in the future.
    return datetime.now(UTC).date()


def main() -> None:
    """Write the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--until", type=date.fromisoformat, default=_today(), help="a day (today)")
    asked = parser.parse_args()
    with asked.file.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=";", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(deals(asked.rows, asked.until, asked.seed))


if __name__ == "__main__":
    main()
