"""Invented people and firms for the demo: no number or address here is anybody's."""

import random
from typing import NamedTuple

MEN = {
    "Александр": "oleksandr",
    "Андрей": "andrii",
    "Богдан": "bohdan",
    "Виктор": "viktor",
    "Дмитрий": "dmytro",
    "Евген": "yevhen",
    "Иван": "ivan",
    "Игорь": "ihor",
    "Максим": "maksym",
    "Микола": "mykola",
    "Остап": "ostap",
    "Сергей": "serhii",
    "Тарас": "taras",
    "Фёдор": "fedir",
}
WOMEN = {
    "Алёна": "alona",
    "Анна": "hanna",
    "Вера": "vira",
    "Галина": "halyna",
    "Екатерина": "kateryna",
    "Ирина": "iryna",
    "Леся": "lesia",
    "Марина": "maryna",
    "Надежда": "nadiia",
    "Оксана": "oksana",
    "Ольга": "olha",
    "Соломия": "solomiia",
    "Татьяна": "tetiana",
    "Юлия": "yuliia",
}
LAST_NAMES = {
    "Бойко": "boiko",
    "Бондаренко": "bondarenko",
    "Гнатюк": "hnatiuk",
    "Гончар": "honchar",
    "Клименко": "klymenko",
    "Коваленко": "kovalenko",
    "Коваль": "koval",
    "Кравченко": "kravchenko",
    "Кузьменко": "kuzmenko",
    "Лысенко": "lysenko",
    "Мельник": "melnyk",
    "Мороз": "moroz",
    "Олийник": "oliinyk",
    "Павленко": "pavlenko",
    "Петренко": "petrenko",
    "Романюк": "romaniuk",
    "Савчук": "savchuk",
    "Тимошенко": "tymoshenko",
    "Ткач": "tkach",
    "Шевченко": "shevchenko",
    "Щербак": "shcherbak",
}
FIRMS = (
    "Березка",
    "Вектор",
    "Днепр-Опт",
    "Зелёный дом",
    "Карпаты",
    "Колос",
    "Лавка у моря",
    "Мастер",
    "Полесье",
    "Ромашка",
    "Светлица",
    "Южный двор",
)
GOODS = ("Чай и кофе", "Посуда", "Текстиль", "Канцтовары", "Бытовая химия", "Игрушки", "Упаковка", "Сладости")
STREETS = ("Киев, ул. Садовая", "Львов, ул. Зелёная", "Одесса, ул. Морская", "Днепр, ул. Полевая")
OWNERS = ("anna", "oleg", "iryna")
_OPERATORS = ("50", "63", "66", "67", "68", "73", "93", "95", "96", "97", "98", "99")
_SPELLINGS = (
    "+380 {0} {1} {2} {3}",
    "+380{0}{1}{2}{3}",
    "380{0}{1}{2}{3}",
    "(0{0}) {1}-{2}-{3}",
    "0{0}{1}{2}{3}",
    "0{0}-{1}-{2}-{3}",
    "8 (0{0}) {1}-{2}-{3}",
)


class Person(NamedTuple):
    """Somebody who asks; `mail` may be empty."""

    first_name: str
    last_name: str
    mail: str
    phone: str


def person(dice: random.Random, number: int) -> Person:
    """Return the person with this number, who has a phone of their own."""
    names = dice.choice((MEN, WOMEN))
    first, last = dice.choice(list(names)), dice.choice(list(LAST_NAMES))
    latin = f"{names[first]}.{LAST_NAMES[last]}{number}@example.com"
    mail = dice.choice((latin, latin.title(), latin, ""))
    return Person(first, last, mail, phone(dice, number))


def phone(dice: random.Random, number: int) -> str:
    """Return a number in one of its usual spellings; those that begin with 000 are given to nobody."""
    operator, rest = _OPERATORS[number % len(_OPERATORS)], number // len(_OPERATORS)
    return dice.choice(_SPELLINGS).format(operator, "000", f"{rest // 100 % 100:02}", f"{rest % 100:02}")


def firm(dice: random.Random, owner: Person) -> str:
    """Return the name of a firm, as it is written in Ukraine."""
    if dice.random() < 0.3:
        return f"ФОП {owner.last_name} {owner.first_name[0]}."
    return f"ТОВ «{dice.choice(FIRMS)}-{dice.randrange(1, 300)}»"


def money(dice: random.Random, least: int, most: int) -> str:
    """Return an amount as people type it; small ones are likelier."""
    amount = least + int((most - least) * dice.random() ** 3) // 50 * 50
    grouped = f"{amount:,}"
    return dice.choice(
        (
            grouped.replace(",", " ") + ",00",
            grouped.replace(",", "\u00a0") + ",50",
            grouped.replace(",", " "),
            f"{amount},00",
            str(amount),
        )
    )
