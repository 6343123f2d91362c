"""Identities of orders, money and registrations, with the clean rows that they sum."""

from __future__ import annotations

import pandas as pd

from jobs.check.evidence import Evidence
from jobs.check.identities.identity import Frames, Identity, sides
from schemas.clean.orders import ORDER_LINES, ORDERS
from schemas.clean.refunds import REFUNDS
from schemas.contract import Table
from schemas.reports.orders import ORDERS_DAILY_REPORT


def _cash(frames: Frames, _: Evidence) -> pd.DataFrame:
    rows = frames[ORDERS_DAILY_REPORT.name].dropna(subset=["gmv_paid", "refunds", "net_cash"], how="all")
    both = rows.dropna(subset=["gmv_paid", "refunds"])
    return sides(both["net_cash"], both["gmv_paid"] - both["refunds"])


def _against(
    frames: Frames, evidence: Evidence, column: str, table: Table, summed: str | None
) -> pd.DataFrame:
    source, rows = evidence.per_day(table.name, summed), frames[ORDERS_DAILY_REPORT.name]
    return sides(rows[column], [source.get(day, 0) for day in rows["order_date"]])


def _orders(frames: Frames, evidence: Evidence) -> pd.DataFrame:
    money = _against(frames, evidence, "gmv_paid", ORDERS, "amount")
    return pd.concat([money, _against(frames, evidence, "orders", ORDERS, None)], ignore_index=True)


def _refunds(frames: Frames, evidence: Evidence) -> pd.DataFrame:
    return _against(frames, evidence, "refunds", REFUNDS, "amount")


def _lines(frames: Frames, evidence: Evidence) -> pd.DataFrame:
    return _against(frames, evidence, "gmv_paid", ORDER_LINES, "amount")


def _registrations(frames: Frames, _: Evidence) -> pd.DataFrame:
    rows = (
        frames[ORDERS_DAILY_REPORT.name]
        .sort_values("order_date")
        .dropna(subset=["registered_users", "new_registered"], how="all")
    )
    return sides(rows["registered_users"].diff().iloc[1:], rows["new_registered"].iloc[1:])


BUILDERS = {
    "cash": Identity(_cash, (ORDERS_DAILY_REPORT,)),
    "orders": Identity(_orders, (ORDERS_DAILY_REPORT,), lambda evidence: "orders" in evidence.kinds),
    "refunds": Identity(_refunds, (ORDERS_DAILY_REPORT,), lambda evidence: "refunds" in evidence.kinds),
    "lines": Identity(_lines, (ORDERS_DAILY_REPORT,), lambda evidence: ORDER_LINES.name in evidence.profiles),
    "registrations": Identity(_registrations, (ORDERS_DAILY_REPORT,)),
}
