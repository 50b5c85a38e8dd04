"""Writes docs/fields.md, or the file it is given, from crmctl.model.standard_fields; `make docs` runs it."""

import sys
from collections.abc import Iterator
from pathlib import Path

from crmctl.model.field import Field
from crmctl.model.records import RecordType
from crmctl.model.standard_fields import CHOSEN_FROM, STANDARD_FIELDS

_TOP = """\
# Standard fields

<!-- Made by docs/make_fields.py from crmctl/model/standard_fields.py. Do not edit; `make docs` writes it anew. -->

The fields that every workspace has, by record type, in the order in which cards and exports show
them. A workspace adds its own under `fields:` ([configuration.md](configuration.md#fields)).

- **Field** is the id, by which commands, filters, YAML and exports name it.
- **Other names** are the title, which tables show, and the aliases. Columns of imports, and `-s`,
  may have any of them.
- A field with **many** values takes several `-s`, or one with `;` between the values;
  `-s phone+=...` adds a value and `-s phone-=...` takes one away.
- A **computed** field is written by crmctl alone.
- A **list** field takes the values of the list in brackets where the workspace declares it, else
  any text.

## What crmctl fills in

- `title` is required of every record. Without one it is the person's name, the company's, or the
  `external_id`; a title built from a name follows the name.
- `owner` of a new record is the acting user, where `users:` knows them.
- `probability` is the stage's, written when a deal enters it; it may be changed until the next
  move.
- `closed_at` is when a record entered a won or lost stage; leaving it empties the field, and the
  reason of a loss.
- `phone` is kept in international form (E.164), and as it was typed in `phone_typed`. A number that
  is not valid is kept as typed, and never makes two records the same.
- `amount` is kept with its currency's decimals; more are refused. Without a currency it is in the
  workspace's.
- `items` of a deal are its lines, `P-1 2 x 100.00 UAH`: product, quantity, price of one, all in one
  currency, rounded line by line. `item add` and `item remove` write them, and so does
  `-s items=...` or a column of an import. The deal's `amount` is their sum and follows them, unless
  another one was set by hand; emptied (`--unset amount`), it follows them again. A price stays what
  it was when the catalogue changes, and a line stays when its product is deleted. `items has P-1`
  finds the deals that a product is on.
- `converted_to` of a lead names what it became, and `origin_lead` of those names the lead.
- `contacts` of a company are those whose `companies` name it.
- `note_count` counts the notes in a record's history, `letter_count` the [letters](mail.md), `message_count` the
  messages that a client sent ([inbox.md](inbox.md)).
- `previous_task` of a task is the one that led to it, `closed_at` when it was done or cancelled
  ([tasks.md](tasks.md)).
- `revision` counts how often a record was written.

Times are kept in UTC and shown in the workspace's time zone. 0 and false are values; an empty text
is none.
"""


def page() -> str:
    """Return the page as it should be."""
    return "\n".join([_TOP, *(line for kind in STANDARD_FIELDS for line in _section(kind))])


def _section(kind: RecordType) -> Iterator[str]:
    yield f"## {kind.value.capitalize()}\n"
    yield f"Ids are like `{kind.prefix}-1`.\n"
    yield "| field | type | other names |"
    yield "|---|---|---|"
    for field in STANDARD_FIELDS[kind]:
        yield f"| `{field.name}` | {_type(field)} | {' · '.join((field.title, *field.aliases))} |"
    yield ""


def _type(field: Field) -> str:
    chosen = CHOSEN_FROM.get(field.name)
    told = [f"{field.kind} ({chosen})" if chosen else field.kind]
    told += [f"to {field.to}"] if field.to else []
    told += [f"{field.min} to {field.max}"] if field.min or field.max else []
    told += ["many"] if field.multiple else []
    told += ["computed"] if field.computed else []
    return ", ".join(told)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), "utf-8")
