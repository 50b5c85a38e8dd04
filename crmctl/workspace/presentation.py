"""Records as rows to be shown: which columns, their JSON form and their text."""

from collections.abc import Callable, Iterable

from crmctl.errors import BadValue, wrong_use
from crmctl.model.field import Field
from crmctl.model.records import Record, RecordType, Value, Values
from crmctl.model.table import Column, Kind
from crmctl.render.value import plain_value
from crmctl.storage.interface import Reader, column
from crmctl.workspace.workspace import Workspace

USUAL_COLUMNS: dict[RecordType, tuple[str, ...]] = {
    RecordType.LEAD: ("id", "title", "stage", "source", "owner", "phone"),
    RecordType.CONTACT: ("id", "title", "phone", "email", "contact_type", "owner"),
    RecordType.COMPANY: ("id", "title", "phone", "website", "industry", "owner"),
    RecordType.DEAL: ("id", "title", "pipeline", "stage", "amount", "close_date", "owner"),
    RecordType.PRODUCT: ("id", "title", "price", "unit", "category"),
    RecordType.TASK: ("id", "title", "for", "due", "assignee", "status"),
}
"""The columns of a table where none are named."""

OUTCOME = Field("outcome", "text", "Outcome", computed=True)
"""What a record's stage means; shown, never kept."""


class Presenter:
    """Shows records of one type. `names` are the columns asked for, `contact.phone` for a field of a reference.

    Raises WrongUse for a column that is no field.
    """

    def __init__(
        self,
        workspace: Workspace,
        reader: Reader,
        kind: RecordType,
        names: Iterable[str] = (),
        pipeline: str = "",
    ) -> None:
        self.kind = kind
        self.conventions = workspace.conventions
        self.configuration = workspace.configuration
        self._reader = reader
        self._lookups = workspace.context(reader).lookups
        self._fields = self.configuration.fields_of(kind)
        asked = list(names)
        self.named = bool(asked)
        usual = USUAL_COLUMNS[kind]
        if pipeline or len(self.configuration.pipelines_of(kind)) == 1:
            usual = tuple(name for name in usual if name != "pipeline")
        self._shown = [(name, field, self._getter(name)) for name, field in map(self._column, asked or usual)]
        self._every = [(name, field, self._getter(name)) for name, field in self._fields.items()]
        self._members: dict[str, list[str]] | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the table."""
        return tuple(_column(name, field) for name, field, _ in self._shown)

    @property
    def stored_fields(self) -> list[str]:
        """The stored fields that the columns need."""
        names: list[str] = []
        for name, field, _ in self._shown:
            stored = name.partition(".")[0]
            names += ["pipeline", "stage"] if stored == "outcome" else [stored]
            if field.paired and "." not in name:
                names.append(field.paired)
        return [name for name in names if name in self._fields]

    def json(self, values: Values) -> dict[str, Value]:
        """Return a record as JSON output shows it: the columns asked for, else every field that is filled."""
        found: dict[str, Value] = {}
        if self.named:
            for name, field, get in self._shown:
                if (value := get(values)) is not None:
                    found[name] = field.dump(value, self.conventions)
                    # An amount says nothing without its currency.
                    if field.paired and "." not in name and (pair := values.get(field.paired)) is not None:
                        found.setdefault(field.paired, pair)
            return found
        for name, field, get in self._every:
            value = get(values)
            if value is not None:
                found[name] = field.dump(value, self.conventions)
            if name == "stage" and value is not None:
                found["outcome"] = self._outcome(values)
        return found

    def cells(self, values: Values) -> list[str]:
        """Return the text of each column."""
        return [self._text(name, field, get(values), values) for name, field, get in self._shown]

    def exact_cells(self, values: Values) -> list[str]:
        """Return the text of each column in the form an import reads back."""
        return [
            field.show(self._exact(name, field, get(values), values), self.conventions)
            for name, field, get in self._shown
        ]

    def _exact(self, name: str, field: Field, value: Value | None, values: Values) -> Value | None:
        """Return the value of a cell: an amount has its currency with it where no column has that."""
        alone = not field.paired or "." in name or not field.type.carries_pair
        if alone or any(shown == field.paired for shown, _, _ in self._shown):
            return value
        return field.read(values)

    def exact(self, values: Values) -> list[tuple[Column, str]]:
        """Return every field that is filled in the form an import reads back, the id first."""
        texts = ((name, field, field.show(get(values), self.conventions)) for name, field, get in self._every)
        return [(_column(name, field), text) for name, field, text in texts if text]

    def card(self, values: Values) -> list[tuple[Column, str]]:
        """Return every field that is filled with its text; what the heading or another field shows is left out."""
        paired = {each.paired for each in self._fields.values() if each.type.numeric and each.name in values}
        left_out = {"id", "record", "title", "phone_typed", "revision", "items", *paired}
        found = []
        for name, field, get in self._every:
            text = "" if name in left_out else self._text(name, field, get(values), values)
            if text:
                found.append((_column(name, field), text))
        return found

    def _column(self, name: str) -> tuple[str, Field]:
        if name == "outcome" and self.kind.staged:
            return name, OUTCOME
        head, dot, rest = name.partition(".")
        with wrong_use("--fields: "):
            field = self.configuration.field(self.kind, head)
            if not dot:
                return field.name, field
            if field.kind != "reference" or not field.to:
                raise BadValue(f'"{head}" refers to no other record')
            far = self.configuration.field(RecordType(field.to), rest)
        return f"{field.name}.{far.name}", far

    def _getter(self, name: str) -> Callable[[Values], Value | None]:
        """Return the function that takes a column's value out of a record."""
        head, dot, far = name.partition(".")
        if name == "outcome":
            return self._outcome
        if dot:
            return lambda values: self._far(values.get(head), far)
        if name == "contacts" and self.kind is RecordType.COMPANY:
            return lambda values: self._contacts(str(values["id"])) or None
        return lambda values: values.get(name)

    def _text(self, name: str, field: Field, value: Value | None, values: Values) -> str:
        if field.paired and value is not None and "." not in name:
            value = field.read(values)
        return field.display(value, self.conventions)

    def _far(self, held: Value | None, far: str) -> Value | None:
        ids = held if isinstance(held, list) else [str(held)] if held else []
        found = [self._lookups.reference(record_id, far) for record_id in ids]
        texts = [value for value in found if value is not None]
        if len(texts) <= 1:
            return texts[0] if texts else None
        return [str(value) for value in texts]

    def _outcome(self, values: Values) -> str:
        pipeline = self.configuration.pipeline_by_id(str(values.get("pipeline", "")))
        return pipeline.outcome_of(str(values.get("stage", ""))).value if pipeline else "open"

    def _contacts(self, company: str) -> list[str]:
        if self._members is None:
            self._members = members(self._reader)
        return self._members.get(company, [])


def _column(name: str, field: Field) -> Column:
    return Column(name, field.title or name, Kind.COUNT if field.type.numeric else Kind.TEXT)


def members(reader: Reader) -> dict[str, list[str]]:
    """Return the contacts of each company."""
    found: dict[str, list[str]] = {}
    get_id: Callable[..., Value | None] = column("id")
    get_companies = column("companies")
    for row in reader.scan(RecordType.CONTACT, ("id", "companies")):
        companies = get_companies(row)
        for company in companies if isinstance(companies, list) else []:
            found.setdefault(company, []).append(str(get_id(row)))
    return found


class Presenters(dict[RecordType, Presenter]):
    """The presenter of each type of record, made when it is first asked for."""

    def __init__(self, workspace: Workspace, reader: Reader) -> None:
        super().__init__()
        self._workspace = workspace
        self._reader = reader

    def __missing__(self, kind: RecordType) -> Presenter:
        self[kind] = Presenter(self._workspace, self._reader, kind)
        return self[kind]


def presented(workspace: Workspace, records: Iterable[Record]) -> list[Values]:
    """Return records of any types as JSON output shows them."""
    presenters = Presenters(workspace, workspace.read())
    return [presenters[record.type].json(record.values) for record in records]


def value_dumper(workspace: Workspace) -> Callable[[RecordType, str, Value], Value]:
    """Return what gives a kept value of any field, known to the configuration or not, as JSON shows it."""
    conventions = workspace.conventions

    def dump(kind: RecordType, name: str, value: Value) -> Value:
        field = workspace.configuration.fields_of(kind).get(name)
        return field.dump(value, conventions) if field else value

    return dump


def value_shower(workspace: Workspace) -> Callable[[RecordType, str, Value], str]:
    """Return what gives the text of a kept value of any field, known to the configuration or not."""
    conventions = workspace.conventions

    def show(kind: RecordType, name: str, value: Value) -> str:
        field = workspace.configuration.fields_of(kind).get(name)
        if field is None or field.paired:
            return plain_value(kind, name, value)
        return field.display(value, conventions)

    return show
