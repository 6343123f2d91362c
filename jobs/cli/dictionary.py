"""The description of a table on the screen; as csv its columns, as json all of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from rich import box
from rich.table import Table as Grid

from conf.errors import must_be_one_of
from jobs.cli.app import FORMATS, screen
from jobs.cli.description import Description
from jobs.cli.output import plain, print_rows

_NOTHING = "nothing"
"""What a metric may be added up over that is not additive."""


def print_description(description: Description, form: str) -> None:
    """A description in one of the forms.

    Raises:
        ConfigError: there is no such form.
    """
    must_be_one_of(FORMATS, "--format", form)
    if form == "json":
        sys.stdout.write(json.dumps(description, ensure_ascii=False, indent=1) + "\n")
    elif form == "csv":
        import pyarrow as pa

        print_rows(pa.Table.from_pylist([_flat(column) for column in description["columns"]]), form)
    else:
        _show(description)


def _flat(column: Description) -> Description:
    over = column["added_over"]
    return {
        **column,
        "allowed": ", ".join(column["allowed"]),
        "added_over": None if over is None else _over(over),
    }


def _over(parts: Sequence[str]) -> str:
    return ", ".join(parts) or "nothing"


def _show(description: Description) -> None:
    screen.print(description["table"], style="bold", highlight=False)
    screen.print(description["grain"], highlight=False)
    labels = ("key", "day", "inputs", "owner")
    for label in (label for label in labels if description[label]):
        value = description[label]
        screen.print(f"{label}: {value if isinstance(value, str) else ', '.join(value)}", highlight=False)
    columns = description["columns"]
    _print_grid(
        ("column", "type", "NULL", "meaning"),
        [(c["column"], _type(c), "yes" if c["is_nullable"] else "", _meaning(c)) for c in columns],
    )
    metrics = [column for column in columns if column["added_over"] is not None]
    _print_grid(
        ("metric", "of", "expression"),
        [
            (metric["column"], metric["source"], metric["expression"])
            for metric in metrics
            if metric["source"]
        ],
    )
    _print_sums(metrics)
    _print_grid(("outcome", "reason", "meaning"), [tuple(r.values()) for r in description["reasons"]])
    if description["example"]:
        screen.print("\nfor example", style="dim")
        command = f'activelake sql "{description["example"]}"'
        screen.print(command, highlight=False, soft_wrap=True, markup=False)


def _print_sums(metrics: Sequence[Description]) -> None:
    """Which metrics may be added up over what, those of one answer in one line."""
    names: dict[str, list[str]] = {}
    for metric in metrics:
        names.setdefault(_over(metric["added_over"]), []).append(metric["column"])
    if names:
        screen.print("\nmay be added up", style="dim")
    for over, metrics_of_answer in names.items():
        screen.print(f"over {over}: {', '.join(metrics_of_answer)}", highlight=False)


def _type(column: Description) -> str:
    return f"{column['type']}, {column['unit']}" if column["unit"] else column["type"]


def _meaning(column: Description) -> str:
    allowed = f" One of {', '.join(column['allowed'])}." if column["allowed"] else ""
    return column["meaning"] + allowed + (" Personal." if column["is_personal"] else "")


def _print_grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table under a blank line; nothing where there are no rows."""
    if not rows:
        return
    grid = Grid(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for number, name in enumerate(head):
        grid.add_column(name, overflow="fold", no_wrap=number == 0)
    for row in rows:
        grid.add_row(*map(plain, row))
    screen.print()
    screen.print(grid)
