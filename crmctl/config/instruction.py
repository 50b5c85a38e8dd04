"""Whether the name of a stage tells the team what to do, in Russian or in English.

Words are known by their endings where those are sure, by lists where they are not.
"""

import re


def _one_of(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


_NO_INFINITIVE = _one_of("""
    част[ьи] област[ьи] очередь сет[ьи] дет[ьи] печат[ьи] пут[ьи] суть есть весть опять чуть хоть пять шесть девять
    десять двадцать тридцать треть мать дочь ночь речь печь почти
""")
_INFINITIVE = rf"\b(?!{_NO_INFINITIVE}\b)\w+(?<!ос)(?:ть|ти|чь)(?:ся|сь)?\b"
"""Связаться, найти, привлечь; not часть, новость, дочь."""

_SHORT_IMPERATIVE = _one_of("""
    возьми выясни звони набери найди назначь напиши обзвони ответь отправь оцени перезвони пиши поговори подготовь
    позвони предложи пригласи проверь разбери распредели скажи составь спроси уточни
""")
_IMPERATIVE = (
    r"\b(?!(?:сайте|случай)\b)"
    r"(?:\w+(?:[аеёиоуыэюя]йте|ите|ьте)(?:сь)?|\w{2,}(?<![лп])ись|\w{3,}[ауя]й(?:ся)?"
    rf"|{_SHORT_IMPERATIVE})\b"
)
"""Свяжитесь, позвони, узнай; not запись, дозвонились."""

_VERB = _one_of("""
    acknowledge answer approach ask assign book call chase check collect confirm connect contact define discover
    e-?mail engage enrich ensure find follow gather get give greet handle identify introduce invite learn leave listen
    log make meet message nurture offer phone pick prepare present process qualify reach register reply request
    research respond retry review ring route schedule score screen send set sort speak start take talk text thank
    triage try understand update verify visit welcome work write
""")
_PAST = _one_of("attempted captured created failed made missed opened received unanswered")
_ENGLISH = rf"{_VERB}\b(?!\s+(?:{_PAST}|not\s+answered)\b)"
"""Call the lead; not "Call missed", which only looks so."""

_SOON = _one_of("срочно сразу сначала пожалуйста please quickly first")
_PART = rf"(?:^|[:;,.!?(/>–—→]|\s-\s|\b(?:и|или|and|or)\b)[\W\d_]{{0,9}}(?:{_SOON}[\s,]{{1,3}})?"
"""Where a part of a name begins: `1. Call`, `New lead: call`, `Новый лид → позвонить`."""

_RUSSIAN_ACTIVITY = _one_of("""
    анализ дозвон звон(?:ок|ки) знакомство квалификация консультация контакт назначение обзвон обработка при[её]м
    проверка прозвон разбор распределение рассмотрение созвон уточнение выяснение встреча
    звоним обзваниваем связываемся квалифицируем обрабатываем разбираем распределяем пишем отвечаем уточняем выясняем
    проверяем
""")
_ENGLISH_ACTIVITY = _one_of("""
    assigning assignment calling contacting nurturing outreach processing prospecting qualification qualifying
    reviewing routing screening sorting triage (?:discovery|first|intro|qualification)\\s+call
""")

_COMMAND = re.compile(rf"{_PART}(?:{_INFINITIVE}|{_IMPERATIVE}|{_ENGLISH})", re.IGNORECASE)
_IN_VAIN = re.compile(r"\bне\s+(?:удал|получ|смог|вышло)", re.IGNORECASE)
_ACTIVITY = re.compile(
    rf"{_INFINITIVE}|\bto\s+{_ENGLISH}|\b{_ENGLISH_ACTIVITY}\b|{_PART}(?:перв\w+\s+)?{_RUSSIAN_ACTIVITY}\b",
    re.IGNORECASE,
)


def commands(name: str) -> bool:
    """Tell whether a name, or a part of it, begins with a verb that says what to do."""
    return bool(_COMMAND.search(name)) and not _IN_VAIN.search(name)


def instructs(name: str) -> bool:
    """Tell whether a name says what to do, be it by a noun ("Звонок клиенту") or within ("Lead to call")."""
    return commands(name) or bool(_ACTIVITY.search(name))
