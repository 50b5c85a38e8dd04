"""The board: lanes of cards within the width of the terminal."""

from hypothesis import given
from hypothesis import strategies as st

from crmctl.render.board import Lane, draw_board
from crmctl.render.colour import Style
from crmctl.render.width import display_width

TEXT = st.text(max_size=40)
LANES = st.lists(
    st.builds(
        Lane,
        st.lists(TEXT, min_size=1, max_size=3).map(tuple),
        st.lists(st.lists(TEXT, min_size=1, max_size=3).map(tuple), max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=8,
)


def test_lanes_stand_side_by_side_with_their_rules_on_one_line() -> None:
    lanes = [Lane(("New", "1 record", "10.00 UAH"), (("D-1 Acme",),)), Lane(("Visit", "0 records"), ())]
    lines = draw_board(lanes, Style(width=60))
    assert lines[0].split() == ["New", "Visit"]
    assert lines[3].count("─") == 2 * 18 or set(lines[3]) == {"─", " "}
    assert lines[4].strip() == "D-1 Acme"


def test_lanes_that_do_not_fit_go_on_below() -> None:
    lanes = [Lane((f"Stage {n}",), ()) for n in range(6)]
    lines = draw_board(lanes, Style(width=45))
    assert [line.split() for line in lines if "Stage" in line] == [
        ["Stage", "0", "Stage", "1"],
        ["Stage", "2", "Stage", "3"],
        ["Stage", "4", "Stage", "5"],
    ]


@given(LANES, st.integers(20, 120))
def test_no_line_is_wider_than_the_terminal(lanes: list[Lane], width: int) -> None:
    assert all(display_width(line) <= width for line in draw_board(lanes, Style(width=width)))
