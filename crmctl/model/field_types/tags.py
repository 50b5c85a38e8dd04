"""Any number of words, from a value list where one is declared. Always many-valued."""

from crmctl.model.field_types.list import ListType


class TagsType(ListType):
    """Each kept as a list entry is."""


TYPE = TagsType()
