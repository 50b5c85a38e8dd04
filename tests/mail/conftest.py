"""What the tests of templates share: filling one with values."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from crmctl.mail.confined import outcomes
from crmctl.mail.sandbox import Filler, absent
from crmctl.mail.shown import Card, Shown, amount
from crmctl.mail.template import read_template
from crmctl.mail.trouble import BadTemplate

Fill = Callable[..., str]


@pytest.fixture
def values() -> dict[str, object]:
    """A deal with an amount and a no, and without a contact."""
    fields = {
        "title": Shown("Чай <крупный>", "Чай <крупный>"),
        "amount": amount(Decimal("12345.50"), "UAH"),
        "comment": Shown("", None),
        "do_not_contact": Shown("false", False),
        "items": Shown("два", ["P-1", "P-2"]),
    }
    return {"deal": Card('D-1 "Чай"', "Чай", fields), "contact": absent("D-1 has no contact")}


@pytest.fixture
def fill(tmp_path: Path, values: dict[str, object]) -> Fill:
    """Fill a template of some text, as commands do; `part` chooses body or subject."""

    def call(text: str, name: str = "t.txt", subject: str | None = None, part: str = "body") -> str:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        template = read_template(path)

        def work(seen: dict[str, object]) -> str:
            return str(getattr(Filler(template, subject, "UAH"), part)(seen))

        (found,) = outcomes(work, [values], str)
        if isinstance(found, BadTemplate):
            raise found
        return found

    return call
