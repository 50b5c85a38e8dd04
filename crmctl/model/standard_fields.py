"""The fields every workspace has, by record type (docs/fields.md). Names are a contract.

Aliases are the column names under which people and other systems know them.
"""

from typing import Any

from crmctl.model.choices import Choice, Choices
from crmctl.model.field import Field
from crmctl.model.records import RecordType


def _field(name: str, kind: str, title: str, *aliases: str, **more: Any) -> Field:
    return Field(name, kind, title, aliases=aliases, **more)


_OWNER = (
    *("Ответственный", "Ответственный за сделку", "Ответственный за контакт", "Ответственный за компанию"),
    *("Responsible", "Responsible person", "Record owner"),
    *("Lead Owner", "Deal owner", "Contact owner", "Company owner"),
)
_COMMON_FIRST = (
    _field("id", "reference", "ID", computed=True),
    _field("record", "text", "Record", computed=True),
)
_COMMON_LAST = (
    _field("owner", "user", "Owner", *_OWNER),
    _field("tags", "tags", "Tags", "Теги", "Tag", multiple=True),
    _field("external_id", "text", "External ID", "Внешний код", "Record ID"),
    _field("documents", "text", "Documents", "Документы", multiple=True),
    _field("merged_from", "reference", "Merged from", multiple=True, computed=True),
    _field("note_count", "integer", "Number of notes", computed=True),
    _field("letter_count", "integer", "Number of letters", computed=True),
    _field("message_count", "integer", "Number of messages", computed=True),
    _field("created_at", "datetime", "Created", "Дата создания", "Create Date", "Created At", computed=True),
    _field("created_by", "text", "Created by", "Кем создан", "Кем создана", computed=True),
    _field("updated_at", "datetime", "Updated", "Дата изменения", computed=True),
    _field("updated_by", "text", "Updated by", "Кем изменена", "Кем изменен", computed=True),
    _field("revision", "integer", "Revision", computed=True),
)
_PIPELINE = _field("pipeline", "list", "Pipeline", "Направление", "Воронка")
_LEAD_STAGE = ("Lead Status", "Deal Stage")
_STAGE = _field(
    "stage", "stage", "Stage", "Стадия", "Статус", "Status", "Этап", *_LEAD_STAGE, paired="pipeline"
)
_PERSON = (
    _field("first_name", "text", "First name", "Имя"),
    _field("last_name", "text", "Last name", "Фамилия"),
    _field("middle_name", "text", "Middle name", "Отчество"),
)
_REACHED_AT = (
    _field(
        "phone",
        "phone",
        "Phone",
        "Телефон",
        "Рабочий телефон",
        "Мобильный телефон",
        "Домашний телефон",
        "Другой телефон",
        "Work Phone",
        "Mobile",
        "Phone Number",
        "Phone 1",
        "Phone 2",
        multiple=True,
    ),
    _field("phone_typed", "text", "Phone as typed", multiple=True, computed=True),
    _field(
        "email",
        "email",
        "E-mail",
        "Email",
        "Почта",
        "Эл. почта",
        "Рабочий e-mail",
        "Частный e-mail",
        "Другой e-mail",
        "Work E-mail",
        "Email 1",
        "Email 2",
        multiple=True,
    ),
)
_MESSENGER = _field("messenger", "text", "Messenger", "Мессенджер", multiple=True)
_COMMENT = _field("comment", "long_text", "Comment", "Комментарий", "Notes", "Примечание")
_SOURCE = _field("source", "list", "Source", "Источник", "Lead Source")
_ADDRESS = _field("address", "text", "Address", "Адрес")
_AMOUNT = (
    _field(
        "amount",
        "money",
        "Amount",
        "Сумма",
        "Возможная сумма",
        "Бюджет",
        "Opportunity",
        paired="currency",
    ),
    _field("currency", "currency", "Currency", "Валюта"),
)
_ORIGIN = _field("origin_lead", "reference", "Origin lead", to="lead", computed=True)

_LEAD = (
    _field("title", "text", "Title", "Название лида", "Название", "Lead Name"),
    _PIPELINE,
    _STAGE,
    _field("name", "text", "Name", "ФИО", "Имя, Фамилия", "Full Name"),
    *_PERSON,
    _field("company_name", "text", "Company name", "Название компании", "Компания", "Company"),
    *_REACHED_AT,
    _MESSENGER,
    _ADDRESS,
    _SOURCE,
    _field("source_details", "text", "Source details", "Дополнительно об источнике", "Source information"),
    *_AMOUNT,
    _COMMENT,
    _field("reject_reason", "list", "Reject reason", "Причина брака", "Причина отказа"),
    _field("closed_at", "datetime", "Closed", "Дата закрытия", computed=True),
    _field("converted_to", "reference", "Converted to", multiple=True, computed=True),
)
_CONTACT = (
    _field("title", "text", "Title", "Полное имя", "Full Name", "Name"),
    *_PERSON,
    _field("position", "text", "Position", "Должность", "Job Title"),
    *_REACHED_AT,
    _MESSENGER,
    _ADDRESS,
    _field("birthday", "date", "Birthday", "Дата рождения", "Date of birth"),
    _field("contact_type", "list", "Contact type", "Тип контакта"),
    _SOURCE,
    _field("companies", "reference", "Companies", "Компании", to="company", multiple=True),
    _field("do_not_contact", "boolean", "Do not contact", "Не беспокоить"),
    _COMMENT,
    _ORIGIN,
)
_COMPANY = (
    _field("title", "text", "Title", "Название компании", "Название", "Company Name", "Company", "Name"),
    *_REACHED_AT,
    _field("website", "url", "Website", "Сайт", "Корпоративный сайт", "Corporate Website"),
    _field("address", "text", "Address", "Адрес", "Фактический адрес"),
    _field("legal_address", "text", "Legal address", "Юридический адрес"),
    _field("bank_details", "long_text", "Bank details", "Банковские реквизиты"),
    _field("company_type", "list", "Company type", "Тип компании"),
    _field("industry", "list", "Industry", "Сфера деятельности"),
    _field("annual_revenue", "money", "Annual revenue", "Годовой оборот"),
    _field("employees", "integer", "Employees", "Кол-во сотрудников", "Количество сотрудников"),
    _field("contacts", "reference", "Contacts", "Контакты", to="contact", multiple=True, computed=True),
    _COMMENT,
    _ORIGIN,
)
_DEAL = (
    _field("title", "text", "Title", "Название сделки", "Название", "Deal Name"),
    _PIPELINE,
    _field(
        "stage",
        "stage",
        "Stage",
        "Стадия",
        "Стадия сделки",
        "Этап сделки",
        "Статус",
        "Deal Stage",
        paired="pipeline",
    ),
    *_AMOUNT,
    _field("items", "line", "Items", "Товары", "Позиции", "Line items", multiple=True),
    _field("probability", "integer", "Probability", "Вероятность", min="0", max="100"),
    _field("contact", "reference", "Contact", "Контакт", to="contact"),
    _field("company", "reference", "Company", "Компания", to="company"),
    _SOURCE,
    _field("close_date", "date", "Expected close", "Предполагаемая дата закрытия", "Close Date", "Closed On"),
    _field("closed_at", "datetime", "Closed", "Дата закрытия", computed=True),
    _field("lost_reason", "list", "Lost reason", "Причина отказа", "Причина проигрыша", "Причина провала"),
    _COMMENT,
    _field("previous_deal", "reference", "Previous deal", "Предыдущая сделка", to="deal"),
    _ORIGIN,
)
_PRODUCT = (
    _field("title", "text", "Title", "Название", "Товар", "Name", "Product"),
    _field("price", "money", "Price", "Цена", paired="currency"),
    _field("currency", "currency", "Currency", "Валюта"),
    _field("unit", "text", "Unit", "Единица"),
    _field("category", "text", "Category", "Категория"),
)
_LACKING = {
    RecordType.TASK: ("owner", "merged_from", "letter_count", "message_count"),
    RecordType.PRODUCT: ("letter_count", "message_count"),
}
"""Common fields that a record type does without: whose a task is, its assignee says, and only clients write letters."""
_STATUSES = Choices(
    "status",
    (
        Choice("new", "", ("Новая",)),
        Choice("in_progress", "", ("in progress", "В работе")),
        Choice("waiting", "", ("Ожидает", "Ожидание")),
        Choice("done", "", ("Выполнена", "Завершена")),
        Choice("cancelled", "", ("canceled", "Отменена")),
    ),
)
_PRIORITIES = Choices(
    "priority",
    (Choice("low", "", ("Низкая",)), Choice("normal", "", ("Обычная",)), Choice("high", "", ("Высокая",))),
)
_TASK = (
    _field("title", "text", "Title", "Название", "Название задачи", "Task"),
    _field("type", "list", "Type", "Тип", "Тип задачи"),
    _field("template", "list", "Template", "Шаблон"),
    _field("category", "list", "Category", "Категория"),
    _field("for", "reference", "For", "Клиент", "Клиенты", multiple=True),
    _field("status", "list", "Status", "Статус", choices=_STATUSES),
    _field("priority", "list", "Priority", "Важность", "Приоритет", choices=_PRIORITIES),
    _field("due", "datetime", "Due", "Срок", "Крайний срок", "Дедлайн", "Deadline"),
    _field("remind_at", "datetime", "Remind at", "Напомнить"),
    _field("assignee", "user", "Assignee", "Исполнитель"),
    _field("author", "user", "Author", "Постановщик"),
    _field("watchers", "user", "Watchers", "Наблюдатели", multiple=True),
    _field("place", "text", "Place", "Место"),
    _field("reason", "text", "Reason", "Причина"),
    _field("text", "long_text", "Text", "Текст"),
    _field("checklist", "text", "Checklist", "Чек-лист", multiple=True),
    _field("result", "list", "Result", "Результат", computed=True),
    _COMMENT,
    _field("previous_task", "reference", "Previous task", to="task", computed=True),
    _field("closed_at", "datetime", "Closed", "Дата завершения", computed=True),
)

STANDARD_FIELDS: dict[RecordType, tuple[Field, ...]] = {
    kind: (*_COMMON_FIRST, *own, *(each for each in _COMMON_LAST if each.name not in _LACKING.get(kind, ())))
    for kind, own in {
        RecordType.LEAD: _LEAD,
        RecordType.CONTACT: _CONTACT,
        RecordType.COMPANY: _COMPANY,
        RecordType.DEAL: _DEAL,
        RecordType.PRODUCT: _PRODUCT,
        RecordType.TASK: _TASK,
    }.items()
}
"""Every standard field in the order cards and exports show it."""

CHOSEN_FROM = {
    "source": "source",
    "contact_type": "contact_type",
    "company_type": "company_type",
    "industry": "industry",
    "reject_reason": "reject_reason",
    "lost_reason": "lost_reason",
}
"""The value list, where a workspace declares it, from which a standard list field takes its values."""

LINEAGE = frozenset({"origin_lead", "converted_to", "previous_task", "merged_from"})
"""Computed references that only hold in the workspace they come from: kept where a record comes back under its id."""

KEPT_FROM_IMPORT = LINEAGE | {"created_at", "updated_at", "closed_at", "created_by", "updated_by", "result"}
"""Computed fields whose originals an import may bring along."""

NAME_PARTS = ("first_name", "middle_name", "last_name")
"""What a person's name is made of, in the order in which it is written."""

REASONS = ("reject_reason", "lost_reason")
"""Why a lead, and why a deal, was lost; chosen from the list of the record's pipeline."""
