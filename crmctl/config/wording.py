"""What Russian and English stage names say: to the team an instruction, or merely that something is so."""

import re

from crmctl.config.document import Node


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


LEADS = _any(r"\bлид(?!ер)", r"\bleads?\b")
"""Speaks of leads."""

DEALS = _any(
    r"\bсделк", r"\bоплат", r"отгруз", r"\bсч[её]т\b", r"\bдоговор(?!и|[её]н)", r"\bконтракт", r"\bдоставк",
    r"\bdeals?\b", r"\bpayments?\b", r"\binvoic", r"\bcontracts?\b", r"\bshipp", r"\bshipment", r"\bdeliver",
)  # fmt: skip
"""Speaks of what comes once there is a deal."""

STATE = _any(
    r"\bнов(?:ый|ая|ое|ые)\b", r"\bне\s?обработ", r"\bне\s?разобран", r"\bвходящ", r"\bсыр(?:ой|ые)\b",
    r"\bхолодн", r"\bпоступил", r"\bлид(?!ер)", r"\bзаявк", r"\bобращени",
    r"\bnew\b", r"\bopen\b", r"\bnot (?:yet )?(?:contacted|processed|worked|assigned)",
    r"\bun(?:processed|touched|contacted|worked|assigned|sorted|handled)\b", r"\bincoming\b", r"\binbound\b",
    r"\bleads?\b", r"\braw\b", r"\bfresh\b", r"\bcold\b",
    r"\binquir(?:y|ies)\b", r"\bprospects?\b", r"\bbacklog\b",
)  # fmt: skip
"""Says what a lead is, and not what to do about it."""

STATISTIC = _any(
    r"\bне\s?дозв", r"\bнет\s+ответа", r"\bне\s+отвеча", r"\bне\s+бер[её]т", r"\bдума(?:ет|ют)\b",
    r"\bразмышля",
    r"\bотложен", r"\bавтоответчик", r"\bзанято\b", r"\bне\s+выш(?:ел|ла|ли)\b", r"\bнедоступ", r"\bмолчит\b",
    r"\bигнор", r"\bна\s+паузе\b", r"\bсомнева", r"\bпропал",
    r"\bno[\s-]+(?:answer|response|reply|contact|show)\b", r"\bnot\s+(?:answering|reached|responding)\b",
    r"\bunreachable\b", r"\bunanswered\b", r"\bthinking\b", r"\bvoicemail\b", r"\bleft\s+(?:a\s+)?message\b",
    r"\bon\s+hold\b", r"\bpostponed\b", r"\bbusy\b", r"\bdid(?:n'?t|\s+not)\s+(?:answer|reply|respond)\b",
    r"\bundecided\b", r"\bconsidering\b", r"\bghosted\b", r"\battempted\b", r"\bsilent\b",
)  # fmt: skip
"""Records that something happened to a call or a decision."""

_INSTRUCTION = _any(
    r"\b\w+(?<!ос)(?:ть|ти|чь)(?:ся|сь)?\b",
    r"(?:^|[:–—-]\s*)(?:answer|ask|assign|call|check|contact|e-?mail|find|meet|process|qualify|reach|reply|respond"
    r"|review|screen|send|sort|speak|talk|triage|work|write)\b",
)  # fmt: skip


def instructs(title: str) -> bool:
    """Tell whether a name says what to do: a Russian infinitive, an English verb at its beginning."""
    return bool(_INSTRUCTION.search(title))


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
