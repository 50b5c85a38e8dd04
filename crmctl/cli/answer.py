"""What a writing command answers with on standard output."""

from enum import Enum


class Answer(Enum):
    """The records it was given, the one it made, or all that it made of them."""

    GIVEN = 1
    CREATED = 2
    CONVERTED = 3
