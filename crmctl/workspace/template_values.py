"""What a template sees of a record: its fields, the records it is linked to, its lines, who works it, the day."""

from decimal import Decimal, InvalidOperation

from crmctl import dates
from crmctl.mail.sandbox import absent
from crmctl.mail.shown import Card, Shown, amount
from crmctl.model.field import Field
from crmctl.model.item_line import ItemLine, lines_of, total_of
from crmctl.model.records import Record, RecordType
from crmctl.storage.interface import Reader
from crmctl.workspace.workspace import Workspace

Values = dict[str, object]
_LINKED = (RecordType.CONTACT, RecordType.COMPANY)


class TemplateValues:
    """Gives the values of records for templates, on one state of the store."""

    def __init__(self, workspace: Workspace, reader: Reader) -> None:
        self._reader = reader
        self._configuration = workspace.configuration
        self._conventions = workspace.conventions
        self._cards: dict[str, Card] = {}

    def of(self, record: Record) -> Values:
        """Return what a template about a record sees. Its fields stand for themselves, too, without `record.`."""
        card = self.card(record)
        values: Values = {name: card[name] for name in self._configuration.fields_of(record.type)}
        values |= self._links(record)
        values |= {"record": card, record.type.value: card, "owner": self._owner(record)}
        values |= self._lines(record)
        day = dates.day_of(self._conventions.now, self._conventions.timezone).isoformat()
        company = self._configuration
        names = {"name": Shown(company.name, company.name), "currency": Shown(company.currency)}
        return {**values, "today": Shown(day, day), "workspace": Card("the workspace", company.name, names)}

    def card(self, record: Record) -> Card:
        """Return a record as a card of its fields; an empty field is empty text."""
        if record.id not in self._cards:
            fields = self._configuration.fields_of(record.type)
            values = {name: self._shown(field, record) for name, field in fields.items()}
            self._cards[record.id] = Card(record.label, record.title, values)
        return self._cards[record.id]

    def _shown(self, field: Field, record: Record) -> Shown:
        value = field.read(record.values)
        if value is None:
            return Shown("", None)
        text = field.display(value, self._conventions)
        if field.kind == "money":
            number, _, currency = str(value).partition(" ")
            return Shown(text, _number(number), currency)
        kept = record.values[field.name]
        raw = _number(str(kept)) if field.kind == "number" else field.dump(kept, self._conventions)
        return Shown(text, raw)

    def _links(self, record: Record) -> Values:
        """Return the contact and the company of a record: those it names, or that a lead became."""
        ids = [record.text("contact"), record.text("company"), *record.many("companies")]
        ids += record.many("converted_to")
        linked = [found for each in ids if each and (found := self._reader.get(each))]
        values: Values = {kind.value: absent(f"{record.label} has no {kind.value}") for kind in _LINKED}
        values |= {each.type.value: self.card(each) for each in reversed(linked) if each.type in _LINKED}
        return values

    def _owner(self, record: Record) -> object:
        user_id = record.text("owner") or record.text("assignee")
        if not user_id:
            return absent(f"{record.label} has no owner")
        user = next((each for each in self._configuration.users if each.id == user_id), None)
        texts = {"id": user_id, "name": user_id, "email": "", "role": "", "team": ""}
        if user:
            texts |= {"name": user.name or user_id, "email": user.email, "role": user.role, "team": user.team}
        return Card(
            f"user {user_id}", texts["name"], {name: Shown(text, text) for name, text in texts.items()}
        )

    def _lines(self, record: Record) -> Values:
        """Return a deal's lines, and what they come to."""
        if record.type is not RecordType.DEAL:
            return {}
        lines = lines_of(record)
        total = total_of(lines)
        shown = amount(total.amount, total.currency) if total else absent(f"{record.label} has no lines")
        return {"items": [self._line(number, line) for number, line in enumerate(lines, 1)], "total": shown}

    def _line(self, number: int, line: ItemLine) -> Card:
        product = self._reader.get(line.product)
        card = self.card(product) if product else absent(f"{line.product} is deleted")
        title = product.title if product else "(deleted)"
        unit = product.text("unit") if product else ""
        values: Values = {
            "number": Shown(str(number), number),
            "product": card,
            "title": Shown(title, title),
            "unit": Shown(unit, unit),
            "quantity": Shown(f"{line.quantity:f}", line.quantity),
            "price": amount(line.price.amount, line.price.currency),
            "total": amount(line.total, line.price.currency),
        }
        return Card(f"line {number}", title, values)


def _number(text: str) -> object:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text  # from before the field held numbers
