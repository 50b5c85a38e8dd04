"""How sure it is that records are one: the score of a pair, and what speaks against a group."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import msgspec

from crmctl.model.pipeline import Outcome
from crmctl.model.records import Record, RecordType, number_of
from crmctl.model.standard_fields import NAME_PARTS
from crmctl.rules.alike import Alike, name_words, names_agree
from crmctl.rules.context import Context
from crmctl.text import fold

SURE = 70
"""The score below which a pair is doubtful."""
MOST_TOGETHER = 20
"""Records of a group up to which it is believed that all are one."""
_FURTHER, _OTHER_FULL_NAME, _OTHER_NAME, _OTHER_EMAIL = 3, 30, 20, 10
_UPKEEP = frozenset({"id", "record", "revision", "created_at", "created_by", "updated_at", "updated_by"})


class Pair(msgspec.Struct, frozen=True):
    """Two records that match: the first rule that they match by, all the others, the values that agree."""

    ids: tuple[str, str]
    rule: tuple[str, ...]
    also: tuple[tuple[str, ...], ...]
    values: Mapping[str, str]
    score: int


class Likeness(msgspec.Struct, frozen=True):
    """Records that may be one. `winner` is who would stay, `doubts` what speaks against it."""

    records: tuple[Record, ...]
    pairs: tuple[Pair, ...]
    winner: str
    doubts: tuple[str, ...] = ()
    hint: bool = False

    @property
    def score(self) -> int:
        """How sure the weakest of its matches is."""
        return min(each.score for each in self.pairs)

    @property
    def reason(self) -> str:
        """By what they match, each rule once."""
        return "; ".join(dict.fromkeys(", ".join(each.rule) for each in self.pairs))


def pair_of(one: Record, other: Record, alike: Alike, *, hint: bool = False) -> Pair | None:
    """Return how two records match, or nothing where no rule says so."""
    rules = [alike.rules[at] for at, _ in alike.agreeing(one, other) if alike.rules[at].hint == hint]
    if not rules:
        return None
    first, *more = rules
    score = first.strength + _FURTHER * len(more)
    if not hint:
        score -= _other_name(one, other)
        score -= _OTHER_EMAIL if "email" not in first.fields and _other_emails(one, other) else 0
    values = {name: _shown(one, other, name) for rule in rules for name in rule.fields}
    also = tuple(rule.fields for rule in more)
    return Pair((one.id, other.id), first.fields, also, values, max(0, min(100, score)))


def likeness(records: Sequence[Record], pairs: Sequence[Pair], context: Context) -> Likeness:
    """Return a group of records that match, with what speaks against their being one."""
    doubts = list(_contradictions(records))
    weak = [each for each in pairs if each.score < SURE]
    if weak and not doubts:
        doubts.append(_weakness(weak[0], records))
    converted = [each.id for each in records if each.many("converted_to")]
    if len(converted) > 1:
        doubts.append(f"{' and '.join(converted)} were both converted")
    return Likeness(tuple(records), tuple(pairs), winner_of(records, context).id, tuple(doubts))


def winner_of(records: Sequence[Record], context: Context) -> Record:
    """Return the record that is to stay.

    A converted lead before others; won before open, open before lost; the further stage; one whose name is not all
    in capitals; the one with the most fields filled; the oldest.
    """
    return min(records, key=lambda each: _rank(each, context))


def _rank(record: Record, context: Context) -> tuple[object, ...]:
    pipeline, stage = context.pipeline_of(record), context.stage_of(record)
    outcome = [Outcome.WON, Outcome.OPEN, Outcome.LOST].index(stage.outcome) if stage else 3
    position = pipeline.position(stage.id) if pipeline and stage and stage.open else 0
    filled = len(record.values.keys() - _UPKEEP)
    return (
        not record.many("converted_to"),
        outcome,
        -position,
        any(len(part) > 2 and part.isupper() for part in map(record.text, NAME_PARTS)),
        -filled,
        record.text("created_at"),
        number_of(record.id),
    )


def _contradictions(records: Sequence[Record]) -> list[str]:
    if len(records) > MOST_TOGETHER:
        return [f"{len(records)} records together are more than one person or company usually has"]
    names = {each.id: name_words(each) for each in records}
    for one, other in combinations(records, 2):
        if not names_agree(names[one.id], names[other.id]) and _other_emails(one, other):
            return [f"{one.id} and {other.id} have other names and other e-mails"]
    return []


def _weakness(pair: Pair, records: Sequence[Record]) -> str:
    """Return by what two records match, and in what they differ that speaks against it."""
    one, other = (each for each in records if each.id in pair.ids)
    by = " and ".join(", ".join(rule) for rule in (pair.rule, *pair.also))
    differ = [] if names_agree(name_words(one), name_words(other)) else ["names"]
    differ += ["e-mails"] if _other_emails(one, other) else []
    alone = "" if pair.also else " alone"
    return f"{' and '.join(pair.ids)} match by {by}{alone}, and differ in {' and '.join(differ)}"


def _other_name(one: Record, other: Record) -> int:
    """Return how much two names speak against their being one: two full ones of people more than a nickname does."""
    words, others = name_words(one), name_words(other)
    if names_agree(words, others):
        return 0
    if min(len(words), len(others)) == 1:
        return _OTHER_NAME
    # The words of a firm's name are no first and last name: it may have got another.
    return 0 if one.type is RecordType.COMPANY else _OTHER_FULL_NAME


def _other_emails(one: Record, other: Record) -> bool:
    mine, theirs = ({fold(text) for text in each.many("email")} for each in (one, other))
    return bool(mine) and bool(theirs) and mine.isdisjoint(theirs)


def _shown(one: Record, other: Record, name: str) -> str:
    """Return the value that two records agree in, as the first has it."""
    held, theirs = one.many(name), {fold(each) for each in other.many(name)}
    shared = [each for each in held if fold(each) in theirs]
    return "; ".join(shared or held)
