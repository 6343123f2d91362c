"""Every declaration is whole: used, explained, and of one meaning."""

from jobs.reports.activity import daily_metrics
from schemas.catalog import METRICS, REPORTS, TABLES
from schemas.columns import COLUMNS
from schemas.raw.records import raw_table


def test_every_column_of_the_vocabulary_is_used_by_a_table() -> None:
    used = {name for table in (*TABLES.values(), raw_table("a.b")) for name in table.names}
    assert set(COLUMNS) - used == set()


def test_a_metric_column_means_the_same_in_every_report_and_no_vocabulary_column_hides_it() -> None:
    units: dict[str, tuple[str, str]] = {}
    for metrics in METRICS.values():
        for metric in metrics:
            assert metric.name not in COLUMNS
            assert units.setdefault(metric.name, (metric.unit, metric.type)) == (metric.unit, metric.type)


def test_every_table_names_only_inputs_that_exist() -> None:
    for table in TABLES.values():
        assert set(table.inputs) <= set(TABLES)


def test_reports_of_one_pass_share_a_metric_or_name_it_differently() -> None:
    names = [metric.name for metric in daily_metrics()]
    assert sorted(set(names)) == sorted(names)


def test_tables_are_found_where_they_are_declared() -> None:
    assert {table.name for table in REPORTS} >= {
        "reports.activity_daily", "reports.engagement", "reports.retention", "reports.orders_daily", "reports.overview",
        "reports.dim_scope", "reports.dim_date", "reports.freshness",
    }  # fmt: skip
