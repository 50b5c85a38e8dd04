"""Cards as rows: which properties fill which fields of a lead, a contact or a company (docs/vcard.md)."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from crmctl.importer.targets import OTHERS
from crmctl.importer.vcard_cards import Card
from crmctl.importer.vcard_phones import bare_number, joined, phones
from crmctl.model.records import RecordType, read_id, type_of

_ORGANISATION = {RecordType.LEAD: "company_name", RecordType.CONTACT: "company.title"}
COLUMNS = (
    *(
        "id",
        "revision",
        "title",
        "name",
        "first_name",
        "middle_name",
        "last_name",
        "nickname",
        "company",
        "others",
    ),
    *("department", "position", "role", "phone", "phone_typed", "email", "messenger", "address", "website"),
    *("birthday", "anniversary", "tags", "comment", "external_id", "created_at", "updated_at"),
)
"""What a card is read into; always all of them, so that the same card makes the same row in every file."""
NAMELESS = "has no name: neither FN nor N, EMAIL, TEL or ORG"

_SERVICES = {
    **{f"X-{name.upper()}": name for name in ("aim", "icq", "msn", "yahoo", "skype", "gadugadu", "qq")},
    **{f"X-{name.upper()}": name for name in ("telegram", "whatsapp", "viber", "signal", "twitter")},
    "X-JABBER": "xmpp",
    "X-GOOGLE-TALK": "google-talk",
    "X-SKYPE-USERNAME": "skype",
}
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:[T ].*)?", re.DOTALL)
_MOMENT = re.compile(
    r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:T([0-9]{2}):?([0-9]{2}):?([0-9]{2})(?:[.,][0-9]+)?"
    r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_ORGANISATIONS = frozenset({"org", "organization", "organisation"})
_PEOPLE = frozenset({"", "individual"})
# Of an address: the street before what it is divided into, the place before its code.
_ADDRESS_ORDER = (2, 1, 0, 3, 4, 5, 6)


@cache
def header(kind: RecordType) -> tuple[str, ...]:
    """Return the columns for a type of record: the organisation goes where the type has it."""
    own = {
        "company": _ORGANISATION.get(kind, ""),
        "others": OTHERS if kind is RecordType.CONTACT else "",
        "name": "name" if kind is RecordType.LEAD else "",
    }
    return tuple(name for column in COLUMNS if (name := own.get(column, column)))


def is_of(card: Card, kind: RecordType) -> bool:
    """Tell whether a card is of what is imported. A lead may be anybody; lists and places are nobody."""
    if is_nobody(card):
        return False
    organisation = _kind(card) in _ORGANISATIONS or card.first("X-ABSHOWAS").lower() == "company"
    if kind is RecordType.COMPANY:
        return organisation or _is_organisation_alone(card)
    return kind is RecordType.LEAD or not organisation


def is_nobody(card: Card) -> bool:
    """Tell whether a card is neither of a person nor of an organisation, but of a group, a place or a thing."""
    what = _kind(card)
    return what not in _PEOPLE | _ORGANISATIONS and not what.startswith("x-")


def _kind(card: Card) -> str:
    return (card.first("KIND") or card.first("X-ADDRESSBOOKSERVER-KIND")).lower()


def _is_organisation_alone(card: Card) -> bool:
    """Tell whether a card names an organisation and nobody in it."""
    organisation, name = _organisation(card)[0], card.first("FN")
    return bool(organisation) and not any(_person(card)) and name in ("", organisation)


def cells(card: Card, kind: RecordType) -> dict[str, str]:
    """Return the cells of a card by the columns of the header; a card without any name has no `title`."""
    first, middle, last = _person(card)
    organisation, department = _organisation(card)
    numbers, typed = phones(card)
    day, other_day = _day(card, "BDAY")
    found = {
        **_own_id(card, kind),
        "title": _title(card, kind),
        "name": card.first("X-CRMCTL-NAME"),
        "first_name": first,
        "middle_name": middle,
        "last_name": last,
        "nickname": card.first("NICKNAME"),
        _ORGANISATION.get(kind, ""): organisation,
        OTHERS: "\n".join(" ".join(name.split()) for name in _organisations(card)[1:]),
        "department": department,
        "position": card.first("TITLE"),
        "role": card.first("ROLE"),
        "phone": numbers,
        "phone_typed": typed,
        "email": joined(each.whole() for each in card.of("EMAIL")),
        "messenger": joined(_messengers(card)),
        "address": _address(card),
        "website": card.first("URL"),
        "birthday": day,
        "anniversary": _day(card, "ANNIVERSARY")[0],
        "tags": joined(part for each in card.of("CATEGORIES") for part in each.parts(",")),
        "comment": "\n".join([*_notes(card), *other_day]),
        "external_id": card.first("UID"),
        "created_at": _moment(card.first("CREATED")),
        "updated_at": _moment(card.first("REV")),
    }
    return {name: found[name] for name in header(kind)}


def _own_id(card: Card, kind: RecordType) -> dict[str, str]:
    """Return the id under which the card was exported; one of another type of record is not meant."""
    found = read_id(card.first("X-CRMCTL-ID"))
    if not found or type_of(found) is not kind:
        return {"id": "", "revision": ""}
    return {"id": found, "revision": card.first("X-CRMCTL-REVISION")}


def warnings(card: Card, kind: RecordType) -> tuple[str, ...]:
    """Return what is odd about a card that is taken all the same."""
    uids = list(dict.fromkeys(each.whole().strip() for each in card.of("UID")))
    counts = {"UIDs": len(uids)}
    if kind is RecordType.LEAD:
        counts["organisations"] = len(_organisations(card))
    several = (
        f"line {card.line}: the card has {count} {name}: the first is taken"
        for name, count in counts.items()
        if count > 1
    )
    return (*card.left_out, *several)


def name_of(card: Card) -> str:
    """Return what messages call a card by, empty for one without any name."""
    return _title(card, RecordType.CONTACT)


def _title(card: Card, kind: RecordType) -> str:
    names = [card.first("X-CRMCTL-TITLE"), card.first("FN"), _full_name(card)]
    organisation = _organisation(card)[0]
    if kind is RecordType.COMPANY:
        names.append(organisation)
    names += [card.first("EMAIL"), bare_number(card.first("TEL")), organisation]
    return next((name for name in names if name), "")


def _person(card: Card) -> tuple[str, str, str]:
    """Return first, middle and last name; a name that was made of FN, for programs that want one, is none."""
    for each in card.of("N"):
        if not each.param("X-FROM"):
            parts = [" ".join(filter(None, map(str.strip, part))) for part in each.lists()]
            last, first, middle = [*parts, "", "", ""][:3]
            return first, middle, last
    return "", "", ""


def _full_name(card: Card) -> str:
    """Return the name as N has it, with what stands before and behind it."""
    for each in card.of("N"):
        parts = [" ".join(filter(None, map(str.strip, part))) for part in each.lists()]
        last, first, middle, before, behind = [*parts, "", "", "", "", ""][:5]
        return " ".join(filter(None, (before, first, middle, last, behind)))
    return ""


def _organisation(card: Card) -> tuple[str, str]:
    """Return the organisation and, with commas between them, the parts of it."""
    for each in card.of("ORG"):
        _, *units = (part.strip() for part in each.parts(";"))
        return next(iter(_organisations(card)), ""), ", ".join(filter(None, units))
    return "", ""


def _organisations(card: Card) -> list[str]:
    """Return the names of all organisations, each once."""
    names = (each.parts(";")[0].strip() for each in card.of("ORG"))
    return list(dict.fromkeys(filter(None, names)))


def _messengers(card: Card) -> list[str]:
    """Return the accounts of messengers, each behind the name of its service, as messages from there have it."""
    found = []
    for each in card.properties:
        name = each.whole().strip()
        if not name:
            continue
        if each.name == "IMPP":
            service = each.param("X-SERVICE-TYPE").lower()
            scheme, colon, handle = name.partition(":")
            found.append(
                f"{service}:{handle}" if service and colon and scheme.lower().startswith("x-") else name
            )
        elif each.name == "X-SOCIALPROFILE":
            service = each.param("TYPE").lower()
            handle = each.param("X-USER") or name.removeprefix("x-apple:")
            found.append(f"{service}:{handle}" if service else handle)
        elif each.name in _SERVICES:
            found.append(f"{_SERVICES[each.name]}:{name}")
    return list(dict.fromkeys(found))


def _address(card: Card) -> str:
    """Return the addresses, a line each, the parts of one with commas between them."""
    found = []
    for each in card.of("ADR"):
        parts = [", ".join(filter(None, map(str.strip, part))) for part in each.lists()]
        parts += [""] * (len(_ADDRESS_ORDER) - len(parts))
        ordered = [parts[at] for at in _ADDRESS_ORDER] + parts[len(_ADDRESS_ORDER) :]
        found.append(", ".join(filter(None, ordered)) or each.param("LABEL"))
    found = found or [each.whole().strip() for each in card.of("LABEL")]
    return "\n".join(filter(None, found))


def _day(card: Card, name: str) -> tuple[str, list[str]]:
    """Return a day as ISO writes it, else, for the comment, what is no whole date."""
    for each in card.of(name):
        text = each.whole().strip()
        match = _DAY.fullmatch(text)
        if match and match[1] != each.param("X-APPLE-OMIT-YEAR"):
            return "-".join(match.groups()), []
        told = f"--{match[2]}-{match[3]}" if match else text
        return "", [f"{name}: {told}"] if told else []
    return "", []


def _moment(text: str) -> str:
    """Return a moment as ISO writes it; one of another form says nothing."""
    match = _MOMENT.fullmatch(text)
    if not match:
        return ""
    year, month, day, hour, minute, second, zone = match.groups()
    moment = f"{year}-{month}-{day}" + (f"T{hour}:{minute}:{second}{zone or 'Z'}" if hour else "")
    try:
        dt.datetime.fromisoformat(moment)
    except ValueError:
        return ""
    return moment


def _notes(card: Card) -> list[str]:
    return [text for each in card.of("NOTE") if (text := each.whole()).strip()]
