"""Where records get to, by the moves that a pipeline leaves open, one by one."""

from hypothesis import given
from hypothesis import strategies as st

from crmctl.config.moves import closable, reachable
from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import RecordType

NAMES = "abcdef"


@st.composite
def pipelines(draw: st.DrawFn) -> Pipeline:
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    stages = tuple(
        Stage(
            name,
            name,
            draw(st.sampled_from([Outcome.OPEN, Outcome.OPEN, Outcome.WON, Outcome.LOST])),
            next=draw(st.none() | st.lists(st.sampled_from(names), max_size=3).map(tuple)),
        )
        for name in names
    )
    return Pipeline("p", "P", RecordType.DEAL, stages, skip=draw(st.booleans()))


def moves(pipeline: Pipeline, stage: Stage) -> set[str]:
    """Return where one move leads: what `next` says, else on along the open stages or to an end."""
    if stage.next is not None:
        return set(stage.next)
    if not stage.open:
        return set()
    later = [other for other in pipeline.stages[pipeline.position(stage.id) + 1 :] if other.open]
    ends = [other for other in pipeline.stages if not other.open]
    if not pipeline.skip and later:
        later, ends = later[:1], [other for other in ends if other.outcome is Outcome.LOST]
    return {other.id for other in (*later, *ends)}


def in_any_number(pipeline: Pipeline, start: str) -> set[str]:
    found = {start}
    for _ in pipeline.stages:
        found |= {name for stage in pipeline.stages if stage.id in found for name in moves(pipeline, stage)}
    return found


@given(pipelines())
def test_what_can_be_reached_is_what_some_moves_lead_to(pipeline: Pipeline) -> None:
    for stage in pipeline.stages:
        assert reachable(pipeline, stage.id) == in_any_number(pipeline, stage.id)


@given(pipelines())
def test_closable_is_each_stage_from_which_some_moves_lead_to_an_end(pipeline: Pipeline) -> None:
    ends = {stage.id for stage in pipeline.stages if not stage.open}
    assert closable(pipeline) == {s.id for s in pipeline.stages if in_any_number(pipeline, s.id) & ends}
