"""What somebody unknown who writes becomes: a lead or, where there are none, a deal with its contact."""

from functools import cached_property

import msgspec

from crmctl.errors import WrongUse, wrong_use
from crmctl.model.change import Change
from crmctl.model.field import Field
from crmctl.model.field_types.base import LONGEST_TEXT
from crmctl.model.message import COUNT, EMAIL, Message
from crmctl.model.records import RecordType, Value
from crmctl.rules.create import NewRecord, chosen_pipeline, create
from crmctl.rules.decision import Refusal
from crmctl.workspace.doubtful import doubtful_values
from crmctl.workspace.reaches import sought_values
from crmctl.workspace.transaction import Transaction


class Newcomers:
    """Makes the records of people nobody knew. `warnings` tells of channels that are no sources, and odd values."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._leads = tx.configuration.keeps(RecordType.LEAD)
        self.warnings: dict[str, None] = {}

    @property
    def person(self) -> RecordType:
        """What holds the ways to reach a newcomer."""
        return RecordType.LEAD if self._leads else RecordType.CONTACT

    def reach_values(self, message: Message, kind: RecordType) -> dict[str, Value | None]:
        """Return what a sender brings: phone, e-mail, messenger, and the channel as source. Raises WrongUse."""
        sender, conventions = message.sender, self._tx.context.conventions
        fields = self._tx.configuration.fields_of(kind)
        found: dict[str, Value | None] = {}
        for name, text in (("phone", sender.phone), ("email", sender.email), ("messenger", sender.id)):
            if text and name in fields:
                with wrong_use(f"{name}: "):
                    found |= fields[name].assign(text, conventions)
        if source := self._source(message.channel):
            found["source"] = source
        return found

    def sought(self, message: Message) -> dict[str, Value | None]:
        """Return all by which the sender may be listed."""
        return {
            **self.reach_values(message, self.person),
            **sought_values(message, self._tx.context.conventions),
        }

    def create(self, message: Message) -> list[Change] | Refusal:
        """Decide on the records of a newcomer, the one that is worked last. Raises WrongUse."""
        kind = RecordType.LEAD if self._leads else RecordType.DEAL
        values = self._worked_values(message, kind)
        made = [] if self._leads else self._contact(message)
        if made:
            values["contact"] = made[0].record.id
        # Without leads and a contact it would stand nowhere else who wrote.
        who = "" if made or self._leads else message.sender.label
        new_id = self._tx.writer.new_id(kind)
        values["comment"] = self._comment(message, values, who, new_id)
        answer = create(new_id, NewRecord(kind, values, self.pipeline), self._tx.context)
        if isinstance(answer, Refusal):
            return answer
        changes = [*made, self._dated(answer, message)]
        self.warnings |= dict.fromkeys(doubtful_values(changes, self._tx.configuration))
        return changes

    def _worked_values(self, message: Message, kind: RecordType) -> dict[str, Value | None]:
        """Return the values of the lead or deal."""
        fields = self._tx.configuration.fields_of(kind, self.pipeline)
        values = self.reach_values(message, kind)
        values |= self._common(message, kind)
        if self._leads and message.sender.name:
            values["name"] = values["title"]
        if self._source(message.channel) is None:
            self.warnings[f'"{message.channel}" is not among the sources: it is kept as source_details'] = (
                None
            )
            if "source_details" in fields:
                values["source_details"] = message.channel
        return values

    def _comment(
        self, message: Message, values: dict[str, Value | None], who: str, new_id: str
    ) -> str | None:
        """Return what is said, after what no field holds; no longer than what an import would take."""
        lost = "source" not in values and "source_details" not in values
        details = f"source_details: {message.channel}" if lost else ""
        comment, longest = "\n\n".join(filter(None, (who, details, message.said))), LONGEST_TEXT
        if len(comment) > longest:
            told = f"the comment of {new_id} is cut after {longest:,} characters: its history has the whole"
            self.warnings[told] = None
        return comment[:longest].rstrip() or None

    def _contact(self, message: Message) -> list[Change]:
        """Return the contact of a deal; none where it would lack what contacts must hold."""
        values = {
            **self.reach_values(message, RecordType.CONTACT),
            **self._common(message, RecordType.CONTACT),
        }
        new = NewRecord(RecordType.CONTACT, values)
        answer = create(self._tx.writer.new_id(RecordType.CONTACT), new, self._tx.context)
        return [] if isinstance(answer, Refusal) else [self._dated(answer, message)]

    def _common(self, message: Message, kind: RecordType) -> dict[str, Value | None]:
        sender, conventions = message.sender, self._tx.context.conventions
        phone = Field("phone", "phone").parse(sender.phone, conventions)
        called = sender.name or sender.email or str(phone or sender.id)
        with wrong_use("title: "):
            title = self._tx.configuration.fields_of(kind)["title"].parse(called, conventions)
        return {"title": title, COUNT: 1, **({"created_at": message.at} if message.at else {})}

    def _dated(self, change: Change, message: Message) -> Change:
        return msgspec.structs.replace(change, at=message.at, note=message.note, key=message.key)

    def _source(self, channel: str) -> str | None:
        """Return the source that a channel is, or nothing for one that is not among them."""
        field = self._tx.configuration.fields_of(self.person)["source"]
        if field.choices is None:
            return str(field.parse(channel, self._tx.context.conventions))
        found = field.choices.get(channel) or (field.choices.get("e-mail") if channel == EMAIL else None)
        return found.id if found else None

    @cached_property
    def pipeline(self) -> str:
        """The id of the pipeline that newcomers come to. Raises WrongUse where several could be meant."""
        kind = RecordType.LEAD if self._leads else RecordType.DEAL
        try:
            return chosen_pipeline(kind, "", self._tx.context).id
        except WrongUse as error:
            hint = f"name one in crmctl.yaml: default: {{{kind.value}: PIPELINE}}"
            raise WrongUse(error.message, hint=hint) from None
