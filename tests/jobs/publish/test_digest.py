"""The canonical digest depends on rows and schema, and on nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from jobs.lake.arrow import to_arrow
from jobs.lake.tables import Lake
from jobs.publish.digest import canonical_digest, table_digest
from schemas.clean.refused import QUARANTINE
from schemas.reports.dimensions import DIM_SCOPE

ROWS = [
    {"scope_type": "scene", "scope_id": code, "name_en": name, "name_zh": "场景", "class": "c", "owner": "o",
     "valid_from": date(2026, 1, 1), "valid_to": None}
    for code, name in (("a", "A"), ("b", "B"), ("c", "C"))
]  # fmt: skip
REFUSED = {
    "source": "shop.log", "file": "a.csv", "position": 1, "landing_date": date(2026, 1, 1), "reason": "bad_encoding",
    "content_hash": "0", "contract_version": "1", "mapping_hash": "1",
}  # fmt: skip


def test_the_order_of_rows_does_not_matter() -> None:
    assert canonical_digest(DIM_SCOPE, to_arrow(DIM_SCOPE, ROWS)) == canonical_digest(
        DIM_SCOPE, to_arrow(DIM_SCOPE, ROWS[::-1])
    )


def test_one_changed_cell_changes_it() -> None:
    changed = [{**ROWS[0], "name_en": "B"}, *ROWS[1:]]
    assert canonical_digest(DIM_SCOPE, to_arrow(DIM_SCOPE, ROWS)) != canonical_digest(
        DIM_SCOPE, to_arrow(DIM_SCOPE, changed)
    )


def test_null_and_its_text_form_are_different() -> None:
    spelled = [{**ROWS[0], "name_en": "\\N"}]
    plain = [{**ROWS[0], "name_en": "\\\\N"}]
    assert canonical_digest(DIM_SCOPE, to_arrow(DIM_SCOPE, spelled)) != canonical_digest(
        DIM_SCOPE, to_arrow(DIM_SCOPE, plain)
    )


def test_bytes_that_are_no_text_count_byte_by_byte() -> None:
    first, second = (
        to_arrow(QUARANTINE, [{**REFUSED, "raw_bytes": raw}]) for raw in (b"\xff\x00", b"\xff\x01")
    )
    assert canonical_digest(QUARANTINE, first) != canonical_digest(QUARANTINE, second)


def test_the_digest_of_a_table_survives_a_rewrite_of_the_same_rows(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    lake.replace_rows(DIM_SCOPE, ROWS, None)
    before = table_digest(lake, DIM_SCOPE)
    lake.replace_rows(DIM_SCOPE, ROWS[::-1], None)
    assert table_digest(lake, DIM_SCOPE) == before == canonical_digest(DIM_SCOPE, to_arrow(DIM_SCOPE, ROWS))
