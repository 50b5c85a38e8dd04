"""What Russian and English stage names say: of what a record is, and of what merely happened."""

import re

from crmctl.config.document import Node


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


LEADS = _any(
    r"\bлид(?:ы|а|ов|у|ам|ом|ами|ах|е)?\b",
    r"(?<!team )(?<!tech )\bleads?\b(?!\s+times?\b)",
)  # fmt: skip
"""Speaks of leads; not of leaders, Lydia, lead times or the team lead."""

DEALS = _any(
    r"\bсделк", r"\bоплат", r"отгруз", r"\bсч[её]т\b", r"\bдоговор(?!и|[её]н)", r"\bконтракт", r"\bдоставк",
    r"\bdeals?\b", r"\bpayments?\b", r"\binvoic", r"\bcontracts?\b", r"\bshipp", r"\bshipment", r"\bdeliver",
)  # fmt: skip
"""Speaks of what comes once there is a deal."""

HAND_OVER = _any(
    r"\b(?:перев[её]\w+|конверт\w+|переда\w+|созда\w+|заве\w+|откры\w+)\s+(?:лид\w*\s+)?(?:в\s+)?сделк",
    r"\b(?:convert|hand over|turn|create|open)\b.{0,40}\bdeals?\b",
)  # fmt: skip
"""Says that a lead becomes a deal: the last step of a pipeline of leads."""

STATE = _any(
    r"\bнов(?:ый|ая|ое|ые)\b", r"\bне\s?обработ", r"\bне\s?разобран", r"\bне\s?распредел", r"\bвходящ",
    r"\bсыр(?:ой|ые)\b", r"\bсвеж(?:ий|ая|ие)\b", r"\bхолодн", r"\bпоступил", r"\bполучен", r"\bсоздан", r"\bоткрыт",
    r"\bожида", r"\bв\s+ожидании\b", r"\bочеред", r"\bпотенциальн", r"\bинтерес\b", r"\bлид(?!ер|и)", r"\bзаявк",
    r"\bзапрос", r"\bобращени",
    r"\bnew\b", r"\bopen\b", r"\bnot (?:yet )?(?:contacted|called|processed|worked|assigned|started)",
    r"\bun(?:processed|touched|contacted|worked|assigned|sorted|handled)\b", r"\bincoming\b", r"\binbound\b",
    r"\binbox\b", r"\bpending\b", r"\bqueued?\b", r"\bleads?\b", r"\bmql\b", r"\braw\b", r"\bfresh\b",
    r"\bcold\b(?!\s+call)", r"\b[ei]nquir(?:y|ies)\b", r"\bprospects?\b", r"\bsuspects?\b", r"\bbacklog\b",
)  # fmt: skip
"""Says what a lead is, and not what to do about it."""

_MUTE = (
    r"\bне\s?дозв", r"\bне\s+удал", r"\bндз\b", r"\b(?:нет|без)\s+ответа", r"\bне\s+отве(?:ча|тил)",
    r"\bне\s+бер(?:[её]т|ут)", r"\bне\s+(?:взял|снима|поднима)", r"\bсбр(?:асыва|осил)",
    r"\bавтоответчик", r"\bголосов\w+\s+почт", r"\bзанят[оаы]?\b", r"\bнедоступ", r"\bвыключен[ао]?\b",
    r"\bвне\s+зоны", r"\bмолч[иа]т\b",
    r"\bигнор", r"\bне\s+(?:вы(?:шел|шла|шли|ходит|ходят)|приш[её]л|пришл[аи]|явил|на\s+связи)", r"\bпропал[аи]?\b",
    r"\bне\s?верный\s+номер", r"\bошибк\w+\s+номер", r"\bпрочита(?:л|но)", r"\bперезвон(?:ит|ят)\b",
)  # fmt: skip

_UNDECIDED = (
    r"\bдума(?:ет|ют)\b", r"\bподума(?:ет|ют)\b", r"\bхо(?:чет|тят)\s+подумать", r"\bразмышля", r"\bсомнева",
    r"\bколебл", r"\bне\s+определил", r"\bне\s+решил", r"^(?:(?:пока|ещ[её]|клиент)\s+)?не\s+готов",
    r"(?<!товар )\bотложен", r"\bпауз", r"\bне\s?актуальн", r"\bнет\s+(?:денег|времени)", r"^дорого$",
)  # fmt: skip

_UNHEARD = (
    r"\bno[\s-]+(?:answer|response|reply|contact|show)\b", r"\bnot\s+(?:answer|reach|respond)",
    r"\b(?:did|does|do)(?:n['’]?t|\s+not)\s+(?:answer|reply|respond|pick)", r"\bun(?:reachable|answered)\b",
    r"\b(?:could(?:n['’]?t|\s+not)|can(?:['’]?t|not)|unable\s+to)\s+(?:reach|contact)", r"\bmissed\s+calls?\b",
    r"\bcalls?\s+missed\b", r"\bvoicemail\b", r"\blvm\b", r"\banswering\s+machine", r"\bleft\s+(?:a\s+)?message\b",
    r"\bbusy$", r"\bghost(?:ed|ing)\b", r"\bsilent\b", r"\bgone\s+(?:quiet|cold|dark)\b", r"\battempted\b",
    r"\btried\s+to\b", r"\bwill\s+call\s+(?:back|later)\b", r"\bwrong\s+number", r"\bbounced\b",
    r"\be-?mail\s+opened\b",
)  # fmt: skip

_UNSETTLED = (
    r"\bthinking\b", r"\bundecided\b", r"\bconsidering\b", r"\bhesitat", r"\bnot\s+(?:decided|now|interested)\b",
    r"^not\s+ready\b", r"\bmaybe\b", r"\bon\s+hold\b", r"\bpostponed\b", r"\bpaused\b", r"^(?:deferred|delayed)$",
)  # fmt: skip

STATISTIC = _any(*_MUTE, *_UNDECIDED, *_UNHEARD, *_UNSETTLED)
"""Records that something happened to a call or a decision."""


def title_of(stage: Node) -> Node:
    """Return a stage's title or, where it has none, its id with spaces for underscores."""
    title = stage.get("title")
    if title is not None:
        return title
    name = stage.get("stage") or stage
    return Node(name.document, name.keys, str(name.value).replace("_", " "))


def is_open(stage: Node) -> bool:
    """Tell whether records at a stage are still being worked."""
    return (stage.text("outcome") or "open") == "open"
