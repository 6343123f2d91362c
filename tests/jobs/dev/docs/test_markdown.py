"""Generated parts replace what stands between their markers, and nothing else."""

import pytest

from jobs.dev.docs.markdown import filled, grid
from schemas.contract import DeclarationError

PAGE = "before\n<!-- a: made by `make docs` -->\nold\n<!-- end of a -->\nafter\n"


def test_a_part_is_replaced_between_its_markers() -> None:
    made = "before\n<!-- a: made by `make docs` -->\nnew \\1\n<!-- end of a -->\nafter\n"
    assert filled(PAGE, {"a": ["new \\1", ""]}) == made
    assert filled(made, {"a": ["new \\1", ""]}) == made


def test_a_page_without_the_markers_is_refused() -> None:
    with pytest.raises(DeclarationError, match="lacks <!-- b: "):
        filled(PAGE, {"b": []})


def test_a_bar_in_a_cell_does_not_end_it() -> None:
    assert grid(("x",), [("a|b",)]) == ["| x |", "| --- |", "| a\\|b |", ""]
