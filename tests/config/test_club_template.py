"""The template of the club has every word of the practice that it is made after."""

import pytest

from crmctl.config.load import load
from crmctl.model.configuration import Configuration
from crmctl.model.pipeline import Outcome
from crmctl.model.records import RecordType
from crmctl.model.tasks import Clients, Result, TaskBook
from crmctl.resources import folder

TYPES = {
    "call": "Личный звонок клиенту",
    "group_call": "Обзвон клиентов",
    "client": "Другая задача по клиенту",
    "internal": "Внутренняя задача",
}
CATEGORIES = ["Звонки клиентам", "Другие задачи по клиенту", "Обзвоны", "Внутренние задачи"]
TEMPLATES = {
    "Звонки холодным клиентам": "Звонки клиентам",
    "Звонки потенциальным клиентам": "Звонки клиентам",
    'Звонки "отпавшим" клиентам': "Звонки клиентам",
    "Проверить покупку абонемента": "Другие задачи по клиенту",
    "Выслать пароль для входа в Личный кабинет": "Другие задачи по клиенту",
    "Отправить информацию на почту": "Другие задачи по клиенту",
    "Пригласить на мастер-класс по йоге": "Обзвоны",
    "Узнать, почему посетитель не ходит": "Звонки клиентам",
    "Заказать воду": "Внутренние задачи",
    "Купить канцелярию": "Внутренние задачи",
    "Купить материалы для мастер-классов": "Внутренние задачи",
    "Подготовиться к отчету за месяц": "Внутренние задачи",
}
CALL_RESULTS = [
    "Запись на пробное занятие",
    "Отправлена информация",
    "Думает",
    "Перезвонить",
    "Сейчас не актуально",
    "Собирается купить абонемент",
    "Купил абонемент",
    "Условный отказ",
]
REFUSALS = ["Далеко добираться", "Интересуют другие направления", "Не подходит расписание", "Другое"]


@pytest.fixture(scope="module")
def club() -> Configuration:
    found = load(folder("pipelines") / "club", use_cache=False).configuration
    assert found is not None
    return found


@pytest.fixture(scope="module")
def book(club: Configuration) -> TaskBook:
    return club.tasks_book()


def titles(results: tuple[Result, ...]) -> list[str]:
    return [each.title for each in results]


def test_there_are_the_four_types_with_their_numbers_of_clients(book: TaskBook) -> None:
    found = {name: book.type(name) for name in TYPES}
    assert {name: kind.title for name, kind in found.items() if kind} == TYPES
    clients = [kind.clients for kind in found.values() if kind]
    assert clients == [Clients.ONE, Clients.MANY, Clients.ONE, Clients.NONE]
    round_of_calls = found["group_call"]
    assert round_of_calls
    assert round_of_calls.creates == "call"


def test_four_templates_are_named_like_the_types(book: TaskBook) -> None:
    found = {name: book.template(name) for name in TYPES}
    assert {name: each.title for name, each in found.items() if each} == TYPES
    assert [each.type for each in found.values() if each] == list(TYPES)


def test_there_are_the_categories_and_the_twelve_templates_in_them(book: TaskBook) -> None:
    assert book.categories is not None
    assert [choice.id for choice in book.categories.items] == CATEGORIES
    own = {each.title: each.category for each in book.templates if each.id not in TYPES}
    assert own == TEMPLATES


def test_a_call_has_eight_results_and_a_check_two(book: TaskBook) -> None:
    assert titles(book.results_of("call", "call")) == CALL_RESULTS
    assert titles(book.results_of("call", "cold_call")) == CALL_RESULTS
    assert titles(book.results_of("client", "check_membership")) == ["Купил абонемент", "Не купил абонемент"]


def test_the_chain_leads_from_a_call_over_the_intention_to_the_check(book: TaskBook) -> None:
    will_buy, bought = book.result("will_buy"), book.result("bought")
    assert will_buy
    assert will_buy.next
    assert (will_buy.title, will_buy.next.task) == ("Собирается купить абонемент", "check_membership")
    assert bought
    assert (bought.ends, bought.move, bought.next) == ("sale", "won", None)


def test_a_trial_asks_when_and_where(book: TaskBook) -> None:
    trial = book.result("trial")
    assert trial
    assert [field.title for field in trial.fields] == [
        "Дата, когда удобно посетить",
        "Направления и группы",
        "Дополнительная информация",
    ]
    assert [each.field for each in trial.require] == ["visit_date", "group"]


def test_a_refusal_gives_one_of_four_reasons(club: Configuration, book: TaskBook) -> None:
    refused = book.result("refused")
    assert refused
    assert (refused.ends, [each.field for each in refused.require]) == ("refusal", ["refusal_reason"])
    assert [choice.title for choice in club.lists["refusal_reason"].items] == REFUSALS


def test_leads_need_but_a_title_and_stages_set_nothing_off(club: Configuration) -> None:
    assert club.mode == "leads"
    (leads,) = club.pipelines_of(RecordType.LEAD)
    assert not club.require.get("lead")
    for stage in leads.stages:
        assert (stage.on_enter, stage.on_leave, stage.require_to_leave) == ((), (), ())
        assert stage.outcome is Outcome.LOST or not stage.require


def test_channels_and_spam_have_their_words(club: Configuration) -> None:
    assert {"telegram", "viber", "email"} <= {choice.id for choice in club.lists["source"].items}
    assert "spam" in {choice.id for choice in club.lists["reject_reason"].items}
