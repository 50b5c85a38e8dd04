"""Jinja2 as templates may use it: values and the usual filters, nothing of Python, no unknown names.

What a template costs in time and memory is bounded by `outcomes`, which it is filled in.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import jinja2
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from crmctl.errors import BadValue
from crmctl.mail.shown import Card, Shown, about
from crmctl.mail.template import NoTemplate, Template, included, template_text
from crmctl.mail.trouble import BadTemplate
from crmctl.money import rounded
from crmctl.text import did_you_mean, visible

LONGEST = 4 * 1024 * 1024
"""Characters that one document may have."""
SUBJECT = "the subject"
"""How messages name a subject that was given beside the template."""
_LONGEST_REASON = 300
Barred = Callable[[Path], str]
"""Returns what a file is that templates may not take in, such as the database; nothing for others."""


class _Unknown(str):
    """Why a name means nothing, with the name and those that would; `known` is None for all that a template sees."""

    __slots__ = ("known", "word")
    word: str
    known: Iterable[str] | None

    def __new__(cls, reason: str, word: str = "", known: Iterable[str] | None = ()) -> "_Unknown":
        made = super().__new__(cls, reason)
        made.word = word
        made.known = known
        return made


class _Strict(StrictUndefined):
    """A name that means nothing: any use of it ends the filling."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        word = str(self._undefined_name)
        if self._undefined_hint:
            return _Unknown(self._undefined_hint)
        if self._undefined_obj is missing:
            return _Unknown(f'unknown name "{word}"', word, None)
        if isinstance(self._undefined_obj, Card):
            label, known = about(self._undefined_obj)
            return _Unknown(f'{label} has no "{word}"', word, known)
        return _Unknown(f'this value has no "{word}"')


class _Absent(_Strict):
    """What a record may have and this one has not, such as a contact: a condition may ask for it."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]
        return False


def absent(reason: str) -> object:
    """Return what stands for a linked record that is not there; `reason` is told where a template uses it."""
    return _Absent(hint=reason)


class Filler:
    """A template and a subject, ready to be filled with values. Raises BadTemplate for what is no template.

    To be made where it is used, in a process of its own: constants are worked out when a template is read.
    """

    def __init__(
        self, template: Template, subject: str | None, currency: str, barred: Barred | None = None
    ) -> None:
        self._name = template.name
        load = _loader(template.path.parent, barred)
        environment = _environment(load, html=template.html, currency=currency)
        self._body = _compiled(environment, template.body, template.name)
        plain = _environment(load, html=False, currency=currency)
        self._subject_name = template.name if subject is None else SUBJECT
        text = template.subject if subject is None else subject
        self._subject = _compiled(plain, text, self._subject_name)

    def body(self, values: Mapping[str, object]) -> str:
        """Return the text of the document. Raises BadTemplate."""
        return _filled(self._body, values, self._name)

    def subject(self, values: Mapping[str, object]) -> str:
        """Return the subject as one line. Raises BadTemplate."""
        return " ".join(visible(_filled(self._subject, values, self._subject_name)).split())


def _compiled(environment: jinja2.Environment, text: str, name: str) -> jinja2.Template:
    try:
        code = environment.compile(text, name, name)
        return jinja2.Template.from_code(environment, code, environment.make_globals(None))
    except TemplateSyntaxError as error:
        raise BadTemplate(f"{name}:{error.lineno}: {_reason(error)}") from None
    except RecursionError:
        raise BadTemplate(f"{name}: nested too deep") from None


def _loader(folder: Path, barred: Barred | None) -> jinja2.FunctionLoader:
    """Return what reads the templates that others take in."""

    def load(name: str) -> tuple[str, str, Callable[[], bool]]:
        try:
            path = included(folder, name)
        except NoTemplate as error:
            raise jinja2.TemplateNotFound(name, str(error)) from None
        if barred and (what := barred(path)):
            raise jinja2.TemplateNotFound(name, f'"{name}" is {what}, and no template')
        return template_text(path), str(path), lambda: True

    return jinja2.FunctionLoader(load)


def _environment(loader: jinja2.FunctionLoader, *, html: bool, currency: str) -> jinja2.Environment:
    """Return the setting of a template: values and other templates are all that it can reach."""
    environment = ImmutableSandboxedEnvironment(
        loader=loader,
        undefined=_Strict,
        autoescape=html,
        optimized=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.pop("lipsum")
    environment.filters |= {"money": _money(currency), "date": _date}
    return environment


def _filled(template: jinja2.Template, values: Mapping[str, object], name: str) -> str:
    pieces: list[str] = []
    length = 0
    try:
        for piece in template.generate(values):
            length += len(piece)
            if length > LONGEST:
                raise BadTemplate(f"{name}: makes more than {LONGEST:,} characters")
            pieces.append(piece)
        text = "".join(pieces)
        text.encode()
    except BadTemplate:
        raise
    except Exception as error:  # whatever a template does with values is its own fault
        raise BadTemplate(f"{_place(error, name)}: {_reason(error)}", hint=_hint(error, values)) from None
    return text


def _place(error: Exception, name: str) -> str:
    """Return the file and line of a template at which filling it ended."""
    found = name
    trace = error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        if "__jinja_template__" in trace.tb_frame.f_globals or code.co_filename == name:
            found = f"{code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deep"
    if isinstance(error, MemoryError):
        return "needs too much memory"
    if isinstance(error, UnicodeEncodeError):
        return "makes half of a character (a lone surrogate)"
    text = (error.message if isinstance(error, TemplateError) else str(error)) or type(error).__name__
    return visible(text[:_LONGEST_REASON]).rstrip(".")


def _hint(error: Exception, values: Mapping[str, object]) -> str | None:
    said = error.args[0] if error.args else ""
    if not isinstance(said, _Unknown) or not said.word:
        return None
    return did_you_mean(said.word, values if said.known is None else said.known)


def _money(home: str) -> Callable[..., Shown]:
    def money(value: object, currency: str = "", mark: str = ".") -> Shown:
        """Group an amount by thousands, with its currency's decimals."""
        code = currency or getattr(value, "currency", "") or home
        number = getattr(value, "raw", value)
        if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
            raise BadValue(f'"{value}" is no amount')
        exact = rounded(Decimal(str(number)), code)
        grouped = f"{exact:,f}".replace(",", "\u00a0").replace(".", mark)
        return Shown(f"{grouped}\u00a0{code}", exact, code)

    return money


def _date(value: object, pattern: str = "%d.%m.%Y") -> str:
    """Write a day as a pattern of strftime says; nothing stays nothing."""
    text = str(value)[:10]
    return date.fromisoformat(text).strftime(pattern) if text else ""
