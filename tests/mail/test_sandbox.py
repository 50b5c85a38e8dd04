"""Templates: values in, text out, and nothing else."""

import re
from pathlib import Path

import pytest

from crmctl.mail.trouble import BadTemplate


def refusal(fill, text: str) -> str:
    with pytest.raises(BadTemplate) as caught:
        fill(text)
    return caught.value.message


def reason(fill, text: str, **more: str) -> str:
    with pytest.raises(BadTemplate) as caught:
        fill(text, **more)
    return re.sub(r"^/.*/", "", caught.value.message) + (
        f" | {caught.value.hint}" if caught.value.hint else ""
    )


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("{{ deal.title }}", "Чай <крупный>"),
        ("{{ deal }}", "Чай"),
        ("{{ deal.amount }}", "12345.50 UAH"),
        ("{{ deal.amount.raw / 2 }}", "6172.75"),
        ("{{ deal.amount | money }}", "12\u00a0345.50\u00a0UAH"),
        ("{{ (deal.amount.raw / 6) | money(mark=',') }}", "2\u00a0057,58\u00a0UAH"),
        ("{{ 1500 | money('JPY') }}", "1\u00a0500\u00a0JPY"),
        ("{{ '2026-11-21' | date }}", "21.11.2026"),
        ("{{ deal.comment | date }}", ""),
        ("{{ deal.comment }}{{ deal.comment or 'none' }}", "none"),
        ("{% if deal.do_not_contact %}yes{% else %}no{% endif %}", "no"),
        ("{% if contact %}yes{% else %}no{% endif %}", "no"),
        ("{% for one in deal.items.raw %}\n{{ one }}\n{% endfor %}\n", "P-1\nP-2\n"),
        ("", ""),
    ],
)
def test_values_are_shown_as_people_read_them_and_raw_where_that_is_asked(fill, text: str, made: str) -> None:
    assert fill(text) == made


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\n{{ dael }}", 't.txt:2: unknown name "dael" | did you mean "deal"?'),
        ("a\n\n{{ deal.amuont }}", 't.txt:3: D-1 "Чай" has no "amuont" | did you mean "amount"?'),
        ("Subject: x\n\nb\n{{ nobody }}", 't.txt:4: unknown name "nobody"'),
        ("{{ contact.first_name }}", "t.txt:1: D-1 has no contact"),
        ("{{ contact }}", "t.txt:1: D-1 has no contact"),
        ("{{ deal.title.nope }}", 't.txt:1: this value has no "nope"'),
        ("a\n{% if deal %}", "t.txt:2: Unexpected end of template"),
        ("{{ 1 / 0 }}", "t.txt:1: division by zero"),
        ("{% for x in deal %}{% endfor %}", "t.txt:1: 'Card' object is not iterable"),
        ("{{ 'x' | money }}", 't.txt:1: "x" is no amount'),
        ("{{ 'x' | nope }}", "t.txt:1: No filter named 'nope'"),
        ("{{ '\\ud800' }}", "t.txt: makes half of a character"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(fill, text: str, told: str) -> None:
    assert reason(fill, text).startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ deal.__class__ }}", "access to attribute '__class__' of 'Card' object is unsafe"),
        ("{{ deal._values }}", "access to attribute '_values' of 'Card' object is unsafe"),
        ("{{ ''.__class__.__mro__[1] }}", "access to attribute '__class__' of 'str' object is unsafe"),
        ("{{ cycler.__init__ }}", "access to attribute '__init__' of 'type' object is unsafe"),
        ("{{ self.__init__ }}", "access to attribute '__init__' of 'TemplateReference' object is unsafe"),
        ("{{ '{0.__class__}'.format(deal) }}", "access to attribute '__class__' of 'Card' object is unsafe"),
        ("{{ deal | attr('__class__') }}", "access to attribute '__class__' of 'Card' object is unsafe"),
        ("{{ deal.items.raw.append('x') }}", "access to attribute 'append' of 'list' object is unsafe"),
        ("{{ lipsum() }}", 'unknown name "lipsum"'),
        ("{{ __import__('os') }}", 'unknown name "__import__"'),
        ("{{ open('t.txt') }}", 'unknown name "open"'),
    ],
)
def test_nothing_of_python_is_in_reach(fill, text: str, told: str) -> None:
    assert reason(fill, text) == f"t.txt:1: {told}"


@pytest.mark.parametrize("text", ["{% import 'os' as os %}", "{% from 'os' import getcwd %}"])
def test_modules_are_files_that_are_not_there(fill, text: str) -> None:
    assert '"os" is no file in ' in refusal(fill, text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "of computing"),
        ("{% for i in range(10**9) %}x{% endfor %}", "Range too big"),
        ("{% set x = 10 ** (10 ** 9) %}", "of computing"),
        ("{{ 'x' * 10**10 }}", "needs too much memory"),
        ("{{ 'x' | center(10**10) }}", "needs too much memory"),
        ("{{ '%0999999999d' | format(1) }}", "needs too much memory"),
        ("{% for i in range(99999) %}{{ 'x' * 1000 }}{% endfor %}", "makes more than 4,194,304 characters"),
        ("{% include 't.txt' %}", "nested too deep"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "nested too deep"),
        ("{{" + "(" * 5000 + "1" + ")" * 5000 + "}}", "nested too deep"),
    ],
)
def test_a_template_that_runs_wild_is_ended(fill, text: str, told: str) -> None:
    assert told in reason(fill, text)


def test_html_is_escaped_also_in_what_is_included_and_text_is_not(fill, tmp_path: Path) -> None:
    (tmp_path / "part.txt").write_text("{{ deal.title }}", "utf-8")
    assert fill("{% include 'part.txt' %}{{ '<i>' }}", "t.html") == "Чай &lt;крупный&gt;&lt;i&gt;"
    assert fill("{{ deal.title }}", "t.html.j2") == "Чай &lt;крупный&gt;"
    assert fill("{{ deal.title }}", "t.txt.j2") == "Чай <крупный>"


def test_files_outside_the_folder_of_the_template_are_not_included(fill, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "secret.txt")
    for name in ("../secret.txt", "/etc/passwd", "link.txt", str(tmp_path / "secret.txt")):
        with pytest.raises(BadTemplate, match=r"is no file in .*/in or below it"):
            fill(f"{{% include '{name}' %}}", name="in/t.txt")


def test_what_customers_wrote_is_never_a_template(fill, values: dict[str, object]) -> None:
    from crmctl.mail.shown import Shown

    values["name"] = Shown("{{ 7 * 7 }}", "")
    assert fill("{{ name }}") == "{{ 7 * 7 }}"


def test_the_subject_is_the_first_line_or_one_that_is_given_and_always_one_line(fill) -> None:
    assert fill("Subject: О «{{ deal.title }}»\n\nтекст\n", part="subject") == "О «Чай <крупный>»"
    assert fill("Subject: О «{{ deal.title }}»\n\nтекст\n") == "текст\n"
    assert fill("текст", subject="{{ deal }}\r\nBcc: x@y.z", part="subject") == "Чай Bcc: x@y.z"
    assert fill("SUBJECT : x\nтекст", "t.html") == "текст"


def test_an_error_in_a_given_subject_names_the_subject(fill) -> None:
    assert reason(fill, "x", subject="{{ nope }}", part="subject").startswith("the subject:1: unknown name")
