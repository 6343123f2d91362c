"""Every promise that is said to be kept is kept by something that exists and holds values on the demo shop."""

from __future__ import annotations

from collections import Counter

import pytest
from deltalake import DeltaTable

from jobs.cli.reference import commands
from jobs.lake.tables import Lake
from schemas.catalog import TABLES
from schemas.promise import PROMISE, Line

NAMES = sorted({name for line in PROMISE for name in line.by})
COLUMNS = [name for name in NAMES if not name.startswith("activelake ")]
LINES_OF_SECTION = {1: 9, 2: 4, 3: 13, 4: 5, 5: 10, 6: 4, 7: 4, 8: 16, 9: 4, 10: 10, 11: 10, 12: 8}


def test_the_promise_has_every_line_of_the_mission() -> None:
    found = Counter(int(line.section.split()[0]) for line in PROMISE)
    assert dict(found) == LINES_OF_SECTION
    twice = [k for k, n in Counter((line.section, line.item) for line in PROMISE).items() if n > 1]
    assert twice == []


def test_a_line_is_done_in_part_or_not_yet_by_what_it_names() -> None:
    assert Line("1", "a", ("x",), "").state == "done"
    assert Line("1", "a", ("x",), "more").state == "in part"
    assert Line("1", "a", (), "all of it").state == "not yet"
    assert [line.item for line in PROMISE if not line.by and not line.missing] == []


def test_every_command_that_keeps_a_promise_exists() -> None:
    known = {f"activelake {command.name}" for command in commands()}
    assert {name for name in NAMES if name.startswith("activelake ")} <= known


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_that_keeps_a_promise_holds_values_on_the_demo_shop(name: str, demo_lake: Lake) -> None:
    table_name, column = name.rsplit(".", 1)
    assert column in TABLES[table_name].names
    values = DeltaTable(demo_lake.path(TABLES[table_name])).to_pyarrow_table(columns=[column])[column]
    assert len(values) - values.null_count > 0
