"""Every row of docs/bad-input.md that is kept has a test of its name, and every test here has its row."""

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "bad-input.md"
LATER = "## Not read yet"
FAMILIES = {"C": 21, "X": 10, "V": 5, "Y": 8, "S": 4, "U": 11, "F": 12, "T": 2, "H": 3, "Q": 1, "P": 2}


def ids_in(text: str) -> list[str]:
    """Return the ids in the first column of tables."""
    cells = re.findall(r"^\| ((?:[A-Z]\d\d ?)+) \|", text, re.MULTILINE)
    return [name for cell in cells for name in cell.split()]


def held() -> set[str]:
    """Return the ids that tests in this folder begin with."""
    trees = [ast.parse(path.read_text("utf-8")) for path in HERE.glob("test_*.py")]
    names = [node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    found = [re.match(r"test_([a-z]\d\d)_", name) for name in names]
    return {match[1].upper() for match in found if match}


def test_what_the_page_says_is_held_by_a_test() -> None:
    kept, _ = PAGE.read_text("utf-8").split(LATER)
    assert sorted(set(ids_in(kept)) - held()) == []


def test_every_test_here_is_about_a_row_of_the_page() -> None:
    assert sorted(held() - set(ids_in(PAGE.read_text("utf-8")))) == []


def test_every_row_stands_once_and_none_is_missing() -> None:
    rows = ids_in(PAGE.read_text("utf-8"))
    every = {f"{family}{number:02}" for family, count in FAMILIES.items() for number in range(1, count + 1)}
    assert len(rows) == len(set(rows))
    assert set(rows) == every
