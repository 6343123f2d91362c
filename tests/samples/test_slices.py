"""A slice of each sample gives the numbers that plain SQL over its files gives."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from .conftest import Publish, Published

SLICES = Path(__file__).parent / "slices"

RETAIL = f"""
CREATE VIEW line AS
SELECT InvoiceNo, CustomerID, Country, CAST(InvoiceDate AS DATE) AS day,
       round(CAST(Quantity AS DECIMAL(18, 4)) * CAST(UnitPrice AS DECIMAL(18, 4)), 2) AS amount,
       starts_with(InvoiceNo, 'C') AS is_refund
FROM read_csv('{SLICES}/online-retail/*.csv', all_varchar = true, header = true);
CREATE VIEW sold AS SELECT * FROM line WHERE CustomerID IS NOT NULL AND NOT is_refund;
CREATE VIEW act AS
SELECT 'all' AS scope_type, 'all' AS scope_id, CustomerID AS user_id, day FROM sold
UNION ALL SELECT 'scene', Country, CustomerID, day FROM sold;
CREATE VIEW calendar AS
SELECT CAST(unnest(generate_series(DATE '2010-12-01', DATE '2011-01-31', INTERVAL 1 DAY)) AS DATE) AS day;
"""
ECOM = f"""
CREATE VIEW line AS
SELECT user_id, event, CAST("timestamp" AS DATE) AS day FROM read_csv('{SLICES}/ecom/ecom.csv.gz', header = true);
CREATE VIEW act AS
SELECT 'all' AS scope_type, 'all' AS scope_id, user_id, day FROM line
UNION ALL SELECT 'scene', event, user_id, day FROM line WHERE event IN ('search', 'home', 'product_view')
UNION ALL SELECT 'tool', event, user_id, day FROM line WHERE event IN ('wishlist_add', 'compare')
UNION ALL SELECT 'service', event, user_id, day FROM line WHERE event = 'support_chat';
CREATE VIEW calendar AS
SELECT CAST(unnest(generate_series((SELECT min(day) FROM line), DATE '2024-06-29', INTERVAL 1 DAY)) AS DATE) AS day;
"""
ACTIVITY = """
SELECT c.day, scope_type, scope_id, count(*) FILTER (a.day = c.day),
       count(DISTINCT user_id) FILTER (a.day = c.day), count(DISTINCT user_id) FILTER (a.day > c.day - 7),
       count(DISTINCT user_id)
FROM calendar c JOIN act a ON a.day BETWEEN c.day - 27 AND c.day GROUP BY ALL ORDER BY ALL
"""
RETENTION = """
WITH window_of(name, first, last) AS (
  VALUES ('D1', 1, 1), ('D7', 7, 7), ('D30', 30, 30), ('W1', 1, 7), ('W4', 22, 28), ('unbounded_7_60', 7, 60)
), active AS (SELECT DISTINCT * FROM act), cohort AS (
  SELECT 'recurring' AS kind, scope_type, scope_id, day, user_id FROM active
  UNION ALL SELECT 'first_ever', scope_type, scope_id, min(day), user_id FROM active GROUP BY ALL
)
SELECT kind, c.scope_type, c.scope_id, c.day, name, count(DISTINCT c.user_id),
       count(DISTINCT a.user_id)
FROM cohort c CROSS JOIN window_of w LEFT JOIN active a ON a.scope_type = c.scope_type
  AND a.scope_id = c.scope_id AND a.user_id = c.user_id AND a.day BETWEEN c.day + first AND c.day + last
GROUP BY ALL ORDER BY ALL
"""
LISTED = "scope_id NOT IN ('unknown', 'unassigned')"


Answers = tuple[Published, duckdb.DuckDBPyConnection]


def _answers(publish: Publish, name: str, views: str) -> Answers:
    """The published tables of a slice, and its files in SQL."""
    connection = duckdb.connect()
    connection.execute(views)
    return publish(name, str(SLICES)), connection


@pytest.fixture(scope="module")
def retail(publish: Publish) -> Answers:
    return _answers(publish, "online_retail", RETAIL)


@pytest.fixture(scope="module")
def ecom(publish: Publish) -> Answers:
    return _answers(publish, "ecom", ECOM)


def _check_activity(published: Published, files: duckdb.DuckDBPyConnection) -> None:
    expected = files.execute(ACTIVITY).fetchall()
    assert len(expected) > 100
    assert expected == published(
        "select activity_date, scope_type, scope_id, events, dau, wau, mau28 from activity_daily"
        f" where mau28 > 0 and {LISTED} order by all"
    )


def _check_retention(published: Published, files: duckdb.DuckDBPyConnection) -> None:
    expected = files.execute(RETENTION).fetchall()
    assert sum(row[-1] for row in expected) > 50
    assert expected == published(
        "select cohort_kind, scope_type, scope_id, cohort_date, retention_window, cohort_size, retained_so_far"
        " from retention where retention_window in ('D1', 'D7', 'D30', 'W1', 'W4', 'unbounded_7_60')"
        f" and cohort_size > 0 and {LISTED} order by all"
    )


def test_activity_and_retention_of_every_day_and_discovered_scene(retail: Answers) -> None:
    _check_activity(*retail)
    _check_retention(*retail)


def test_activity_and_retention_of_every_day_and_listed_scene_tool_and_service(ecom: Answers) -> None:
    _check_activity(*ecom)
    _check_retention(*ecom)


def test_orders_and_refunds_of_every_day_and_every_line_that_was_left_out(retail: Answers) -> None:
    published, files = retail
    money = files.execute(
        """
        SELECT c.day, count(DISTINCT InvoiceNo) FILTER (NOT is_refund),
               count(DISTINCT CustomerID) FILTER (NOT is_refund),
               coalesce(sum(amount) FILTER (NOT is_refund), 0), coalesce(-sum(amount) FILTER (is_refund), 0)
        FROM calendar c LEFT JOIN line l ON l.day = c.day AND CustomerID IS NOT NULL GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    outcomes = files.execute(
        """
        SELECT CASE WHEN CustomerID IS NULL OR is_refund THEN 'filtered' ELSE 'accepted' END,
               CASE WHEN CustomerID IS NULL THEN 'no_customer' WHEN is_refund THEN 'credit_note' ELSE '' END,
               count(*) FROM line GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    assert sum(row[3] for row in money) > 0 < sum(row[4] for row in money)
    assert money == published(
        "select order_date, orders, buyers, gmv_paid, refunds from orders_daily order by 1"
    )
    assert outcomes == published(
        "select outcome, reason, sum(records)::bigint from ingest_balance"
        " where source = 'online_retail.activity' group by all order by all"
    )
