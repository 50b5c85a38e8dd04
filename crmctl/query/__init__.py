"""The filter language: parse, bind, evaluate, print back. No `eval`, no pattern of the user's, no I/O."""

from crmctl.query.bind import Bound, Scope, bind
from crmctl.query.error import QueryError
from crmctl.query.evaluate import Lookups
from crmctl.query.expression import Expression
from crmctl.query.parser import parse
from crmctl.query.text import text_test

__all__ = ["Bound", "Expression", "Lookups", "QueryError", "Scope", "bind", "parse", "text_test"]
