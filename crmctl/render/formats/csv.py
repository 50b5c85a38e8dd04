"""Comma-separated values: the names of the fields, then a line for each record."""

from crmctl.render.delimited import DelimitedFormat

_FORMAT = DelimitedFormat(",")

records = _FORMAT.records
cards = _FORMAT.cards
report = _FORMAT.report
