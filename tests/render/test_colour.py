from crmctl.render.colour import PLAIN, Style, choose_style


def test_a_terminal_gets_colour_and_its_width():
    assert choose_style({}, terminal=True, width=80) == Style(colour=True, width=80)


def test_a_pipe_gets_neither_colour_nor_a_width():
    assert choose_style({}, terminal=False, width=80) == PLAIN


def test_no_color_takes_the_colour_of_a_terminal_away():
    assert not choose_style({"NO_COLOR": "1"}, terminal=True).colour


def test_an_empty_no_color_changes_nothing():
    assert choose_style({"NO_COLOR": ""}, terminal=True).colour


def test_force_color_colours_a_pipe():
    assert choose_style({"FORCE_COLOR": "1"}, terminal=False).colour


def test_force_color_of_zero_means_none():
    assert not choose_style({"FORCE_COLOR": "0"}, terminal=True).colour


def test_an_option_wins_over_the_environment():
    assert choose_style({"NO_COLOR": "1"}, terminal=False, choice="always").colour
    assert not choose_style({"FORCE_COLOR": "1"}, terminal=True, choice="never").colour


def test_a_dumb_terminal_gets_plain_ascii_drawing():
    style = choose_style({"TERM": "dumb"}, terminal=True, width=80)
    assert (style.colour, style.unicode, style.ellipsis) == (False, False, "...")


def test_a_stream_that_is_not_utf_gets_ascii_drawing():
    assert not choose_style({}, terminal=True, encoding="cp1251").unicode
    assert choose_style({}, terminal=True, encoding="UTF-8").unicode


def test_an_unknown_width_cuts_nothing():
    assert choose_style({}, terminal=True, width=0).width is None


def test_painting_without_colour_leaves_text_as_it_is():
    assert PLAIN.red("error:") == "error:"


def test_painting_ends_what_it_began():
    assert Style(colour=True).red("error:") == "\x1b[31merror:\x1b[0m"
