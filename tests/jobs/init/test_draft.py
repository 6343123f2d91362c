"""From what `init` writes to a mapping that gives the known answers it takes few edited lines, and no guess slips through."""

from __future__ import annotations

import difflib
import gzip
from pathlib import Path

import pytest

from conf.errors import ConfigError
from conf.settings import load
from jobs.init.draft import draft, time_form, write
from jobs.init.sample import look

SAMPLES = Path(__file__).parents[2] / "samples"
RETAIL = (
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    "536365,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
    "C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527.0,United Kingdom\n"
)
ECOM = "user_id,session_id,event,timestamp\nuser_0,sess_1,search,2024-03-13 10:21:14\n"


def _edited(drafted: str, wanted: str) -> int:
    """Lines of the wanted text that the draft does not have, names of inputs and feeds and the title apart."""
    same = {"lines": "records", "events": "ecom"}
    for ours, theirs in same.items():
        wanted = wanted.replace(f"  {ours}:\n", f"  {theirs}:\n").replace(
            f"input: {ours}\n", f"input: {theirs}\n"
        )
    pairs = difflib.unified_diff(drafted.splitlines(), wanted.splitlines(), lineterm="", n=0)
    return sum(1 for line in pairs if line.startswith("+") and not line.startswith("+++"))


@pytest.mark.parametrize(
    ("name", "file", "text", "members"),
    [("online_retail", "2010-12-01.csv", RETAIL, 1), ("ecom", "ecom.csv.gz", ECOM, 6)],
)
def test_at_most_fifteen_lines_are_edited(
    tmp_path: Path, name: str, file: str, text: str, members: int
) -> None:
    path = tmp_path / file
    path.write_bytes(gzip.compress(text.encode()) if file.endswith(".gz") else text.encode())
    drafted = draft(name, tmp_path, look(tmp_path, [path]))
    wanted = (SAMPLES / name / "sources" / f"{name}.yml").read_text()
    settings = 1
    assert _edited(drafted, wanted) + settings + members <= 15 + 2  # title and root are the repository's own


def test_what_is_not_sure_fails_the_check(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("who,when\n1,yesterday\n")
    folder = tmp_path / "conf"
    write(folder, "log", tmp_path, look(tmp_path, [tmp_path / "log.csv"]))
    with pytest.raises(ConfigError, match="log.yml, line"):
        load(folder)


def test_a_file_of_no_known_form_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    with pytest.raises(ConfigError, match="neither csv, json lines nor parquet"):
        look(tmp_path, [tmp_path / "a.xlsx"])


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["2026-03-01T10:00:00Z"], "iso"),
        (["1767225600"], "epoch_s"),
        (["1767225600000"], "epoch_ms"),
        (["01/03/2026"], None),
        (["2026-03-01", "soon"], None),
        ([], None),
    ],
)
def test_a_time_form_is_guessed_only_where_every_value_has_it(values: list[str], form: str | None) -> None:
    assert time_form(values) == form
