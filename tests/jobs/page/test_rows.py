"""The page holds each published table once, and only what is published."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from conf.errors import ConfigError
from jobs.cli.main import app
from jobs.lake.tables import Lake
from jobs.page.build import ASSETS, GLANCE, SCRIPTS, page
from jobs.page.charts import CHARTS, specifications
from jobs.page.names import METRIC_NAMES, REASONS_ZH
from jobs.page.rows import pack, packed_tables
from jobs.page.translations import TEXTS
from schemas.catalog import METRICS
from schemas.metrics.retention import WINDOWS
from schemas.ops.tables import INGEST_BALANCE
from schemas.reasons import QUARANTINE_REASONS
from tests.jobs.page.shop import LAST, balance_row, whole_shop, write_activity


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return whole_shop(tmp_path_factory.mktemp("shop"))


def test_repeated_values_are_held_once_and_other_values_as_they_are() -> None:
    rows = [{"day": date(2026, 3, 1), "money": Decimal("1.25")}, {"day": date(2026, 3, 1), "money": None}]
    assert pack(("day", "money"), rows) == {
        "day": {"of": ["2026-03-01"], "at": [0, 0]},
        "money": [1.25, None],
    }


def test_gates_are_those_of_the_audit_that_ran_last_with_failures_first(shop: Lake) -> None:
    gates = packed_tables(shop)["gates"]
    assert gates["rule"] == ["wau holds dau", "dau is known"]


def test_definitions_are_those_that_made_the_newest_rows(shop: Lake) -> None:
    assert packed_tables(shop)["definitions"]["meaning"] == ["Users of the day."]


def test_the_balance_is_summed_over_files(shop: Lake) -> None:
    balance = packed_tables(shop)["balance"]
    assert (balance["outcome"], balance["records"]) == (["accepted", "quarantined"], [995, 5])


def test_arrivals_of_long_ago_are_left_out(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    write_activity(lake, {"search": ("Search", "搜索", 1)})
    lake.append_rows(
        INGEST_BALANCE,
        [balance_row("accepted", "accepted", 1), balance_row("accepted", "accepted", 2, date(2025, 3, 1))],
    )
    assert packed_tables(lake)["balance"]["arrival_date"] == [LAST.isoformat()]


def test_a_lake_in_which_nothing_is_published_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nothing is published.*activelake run"):
        packed_tables(Lake(str(tmp_path)))


def test_the_same_tables_give_the_same_page(shop: Lake) -> None:
    assert page(shop) == page(shop)


def test_the_command_writes_the_page_and_says_where_it_is(shop: Lake, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["--lake", shop.root, "page", "--out", str(tmp_path / "site"), "--lang", "zh"]
    )
    assert done.exit_code == 0, done.output
    assert str(tmp_path / "site" / "index.html") in done.output
    assert '<html lang="zh">' in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_a_language_that_the_page_does_not_speak_is_an_error(shop: Lake, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--lake", shop.root, "page", "--out", str(tmp_path), "--lang", "fr"])
    assert isinstance(done.exception, ConfigError) and "zh" in str(done.exception)


def test_the_page_is_made_without_loading_spark(shop: Lake) -> None:
    program = (
        "import sys; from jobs.lake.tables import Lake; from jobs.page.build import page; import jobs.cli.page;"
        f"page(Lake({shop.root!r})); sys.exit('pyspark' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_every_word_that_is_asked_for_exists() -> None:
    scripts = "".join((ASSETS / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    asked = set(re.findall(r'\bt\("(\w+)"', scripts)) | set(
        re.findall(r'"@(\w+)"', json.dumps(specifications()))
    )
    asked |= {word for word, _, _ in GLANCE} | {f"{word}_say" for word, _, _ in GLANCE}
    assert len(asked) > 80
    assert asked - TEXTS.keys() == set()


def test_every_chart_that_is_drawn_is_written_and_the_other_way_round() -> None:
    scripts = "".join((ASSETS / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    assert set(re.findall(r'\bchart\("(\w+)"', scripts)) == {chart.__name__ for chart in CHARTS}


def test_names_and_chinese_reasons_are_of_things_that_are_declared() -> None:
    declared = {metric.name for metrics in METRICS.values() for metric in metrics}
    assert METRIC_NAMES.keys() - declared == set()
    assert REASONS_ZH.keys() == QUARANTINE_REASONS.keys()


def test_what_is_shown_at_a_glance_is_declared() -> None:
    declared = {
        "activity": {metric.name for metric in METRICS["reports.activity_daily"]},
        "orders": {metric.name for metric in METRICS["reports.orders_daily"]},
        "retention": {window.name for window in WINDOWS},
    }
    assert all(set(shows) <= declared[table] for _, table, shows in GLANCE)
