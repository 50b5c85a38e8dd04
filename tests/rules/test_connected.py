from hypothesis import given
from hypothesis import strategies as st

from crmctl.rules.connected import Connected

PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)))


def test_what_was_never_connected_stands_for_itself() -> None:
    connected = Connected[str]()
    assert connected.root("C-1") == "C-1"
    assert connected.groups() == []


def test_those_of_one_group_have_one_to_stand_for_them() -> None:
    connected = Connected[str]()
    connected.join("L-1", "C-1")
    connected.join("L-2", "D-2")
    assert connected.root("L-1") != connected.root("L-2")
    connected.join("D-2", "C-1")
    assert len({connected.root(each) for each in ("L-1", "L-2", "C-1", "D-2")}) == 1


def test_a_long_chain_is_gone_up_without_running_out_of_stack() -> None:
    connected = Connected[int]()
    for each in range(100_000, 0, -1):
        connected.join(each - 1, each)
    assert connected.root(100_000) == connected.root(0)


@given(PAIRS)
def test_groups_are_what_can_be_reached_step_by_step(pairs: list[tuple[int, int]]) -> None:
    connected = Connected[int]()
    for one, other in pairs:
        connected.join(one, other)
    reached = {each: {each} for pair in pairs for each in pair}
    for _ in reached:
        for one, other in pairs:
            for each in reached[one] | reached[other]:
                reached[each] |= reached[one] | reached[other]
    assert {frozenset(group) for group in connected.groups()} == set(map(frozenset, reached.values()))
    assert {each: connected.root(each) for each in reached}.keys() == reached.keys()
