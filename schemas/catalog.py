"""Every table, in the order in which it can be built, and the metrics of each report."""

from __future__ import annotations

from schemas.clean.activity import EVENTS, LATE_EVENT, QUARANTINE
from schemas.clean.commerce import ORDER_LINES, ORDERS, REFUNDS
from schemas.clean.people import MEMBERS, USERS
from schemas.contract import Table
from schemas.facts.activity import SCOPE_DAY, USER_SCOPE_DAY
from schemas.metrics.activity import ACTIVITY, ENGAGEMENT, OVERVIEW
from schemas.metrics.declaration import AnyMetric
from schemas.metrics.orders import ORDERS_DAILY
from schemas.metrics.retention import RETENTION
from schemas.ops.tables import (
    INGEST_BALANCE,
    INGESTED_FILE,
    METRIC_DEFINITION,
    PUBLICATION,
    QUALITY_RESULT,
    RUN,
    STAGE,
)
from schemas.reports.activity import ACTIVITY_DAILY, ENGAGEMENT_REPORT, OVERVIEW_REPORT
from schemas.reports.dimensions import DIM_DATE, DIM_SCOPE, FRESHNESS
from schemas.reports.orders import ORDERS_DAILY_REPORT
from schemas.reports.retention import RETENTION_REPORT

METRICS: dict[str, tuple[AnyMetric, ...]] = {
    ACTIVITY_DAILY.name: ACTIVITY,
    ENGAGEMENT_REPORT.name: ENGAGEMENT,
    OVERVIEW_REPORT.name: OVERVIEW,
    RETENTION_REPORT.name: RETENTION,
    ORDERS_DAILY_REPORT.name: ORDERS_DAILY,
}
CLEAN = (EVENTS, LATE_EVENT, QUARANTINE, ORDERS, ORDER_LINES, REFUNDS, USERS, MEMBERS)
FACTS = (USER_SCOPE_DAY, SCOPE_DAY)
REPORTS = (
    ACTIVITY_DAILY,
    ENGAGEMENT_REPORT,
    RETENTION_REPORT,
    ORDERS_DAILY_REPORT,
    OVERVIEW_REPORT,
    DIM_SCOPE,
    DIM_DATE,
    FRESHNESS,
)
OPS = (RUN, INGESTED_FILE, INGEST_BALANCE, STAGE, QUALITY_RESULT, PUBLICATION, METRIC_DEFINITION)
TABLES: dict[str, Table] = {table.name: table for table in (*CLEAN, *FACTS, *REPORTS, *OPS)}
