"""Records as rows to be shown: which columns, their JSON form and their text."""

from collections.abc import Callable, Iterable, Mapping

from crmctl.errors import BadValue, WrongUse
from crmctl.model.field import Field
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.table import Column, Kind
from crmctl.storage.interface import Reader, column
from crmctl.workspace.workspace import Workspace

USUAL_COLUMNS: dict[RecordType, tuple[str, ...]] = {
    RecordType.LEAD: ("id", "title", "stage", "source", "owner", "phone"),
    RecordType.CONTACT: ("id", "title", "phone", "email", "contact_type", "owner"),
    RecordType.COMPANY: ("id", "title", "phone", "website", "industry", "owner"),
    RecordType.DEAL: ("id", "title", "pipeline", "stage", "amount", "close_date", "owner"),
    RecordType.PRODUCT: ("id", "title", "price", "unit", "category"),
    RecordType.TASK: ("id", "title"),
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
        self._shown = [self._column(name) for name in asked or usual]
        self._members: dict[str, list[str]] | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the table."""
        return tuple(_column(name, field) for name, field in self._shown)

    @property
    def stored_fields(self) -> list[str]:
        """The stored fields that the columns need."""
        names: list[str] = []
        for name, field in self._shown:
            stored = name.partition(".")[0]
            names += ["pipeline", "stage"] if stored == "outcome" else [stored]
            if field.paired and "." not in name:
                names.append(field.paired)
        return [name for name in names if name in self._fields]

    def json(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Return a record as JSON output shows it: the columns asked for, else every field that is filled."""
        if self.named:
            pairs = ((name, self._value(name, values), field) for name, field in self._shown)
            return {
                name: field.dump(value, self.conventions) for name, value, field in pairs if value is not None
            }
        found: dict[str, Value] = {}
        for name, field in self._fields.items():
            value = self._value(name, values)
            if value is not None:
                found[name] = field.dump(value, self.conventions)
            if name == "stage" and value is not None:
                found["outcome"] = self._outcome(values)
        return found

    def cells(self, values: Mapping[str, Value]) -> list[str]:
        """Return the text of each column."""
        return [self._text(name, field, values) for name, field in self._shown]

    def exact_cells(self, values: Mapping[str, Value]) -> list[str]:
        """Return the text of each column in the form an import reads back."""
        return [field.show(self._value(name, values), self.conventions) for name, field in self._shown]

    def card(self, values: Mapping[str, Value]) -> list[tuple[Column, str]]:
        """Return every field that is filled with its text; what the heading or another field shows is left out."""
        paired = {each.paired for each in self._fields.values() if each.type.numeric and each.name in values}
        left_out = {"id", "record", "title", "phone_typed", "revision", *paired}
        found = []
        for name, field in self._fields.items():
            text = "" if name in left_out else self._text(name, field, values)
            if text:
                found.append((_column(name, field), text))
        return found

    def _column(self, name: str) -> tuple[str, Field]:
        if name == "outcome" and self.kind.staged:
            return name, OUTCOME
        head, dot, rest = name.partition(".")
        try:
            field = self.configuration.field(self.kind, head)
            if not dot:
                return field.name, field
            if field.kind != "reference" or not field.to:
                raise BadValue(f'"{head}" refers to no other record')
            far = self.configuration.field(RecordType(field.to), rest)
        except BadValue as error:
            raise WrongUse(f"--fields: {error.reason}", hint=error.hint) from None
        return f"{field.name}.{far.name}", far

    def _value(self, name: str, values: Mapping[str, Value]) -> Value | None:
        head, dot, far = name.partition(".")
        if name == "outcome":
            return self._outcome(values)
        if dot:
            return self._far(values.get(head), far)
        if name == "contacts" and self.kind is RecordType.COMPANY:
            return self._contacts(str(values["id"])) or None
        return values.get(name)

    def _text(self, name: str, field: Field, values: Mapping[str, Value]) -> str:
        value = self._value(name, values)
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

    def _outcome(self, values: Mapping[str, Value]) -> str:
        pipeline = self.configuration.pipeline_by_id(str(values.get("pipeline", "")))
        stage = pipeline.stage(str(values.get("stage", ""))) if pipeline else None
        return stage.outcome.value if stage else "open"

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


def presented(workspace: Workspace, records: Iterable[Record]) -> list[Mapping[str, Value]]:
    """Return records of any types as JSON output shows them."""
    reader = workspace.read()
    presenters: dict[RecordType, Presenter] = {}
    rows: list[Mapping[str, Value]] = []
    for record in records:
        if record.type not in presenters:
            presenters[record.type] = Presenter(workspace, reader, record.type)
        rows.append(presenters[record.type].json(record.values))
    return rows


def value_shower(workspace: Workspace) -> Callable[[RecordType, str, Value], str]:
    """Return what gives the text of a kept value of any field, known to the configuration or not."""
    conventions = workspace.conventions

    def show(kind: RecordType, name: str, value: Value) -> str:
        field = workspace.configuration.fields_of(kind).get(name)
        if field is None or field.paired:
            return "; ".join(value) if isinstance(value, list) else str(value)
        return field.display(value, conventions)

    return show
