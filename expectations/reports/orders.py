"""Orders, money and registrations: every amount of the clean tables is in the day's sums."""

from expectations.rule import Rule, same

SIGNED = ("net_cash",)
"""Metrics that may be below zero."""

IDENTITIES: dict[str, Rule] = {
    "cash": same("net_cash is gmv_paid minus refunds"),
    "orders": same(
        "orders and gmv_paid of a day are the number and the money of the accepted orders paid on it"
    ),
    "refunds": same("refunds of a day are the money of the accepted refunds of it"),
    "registrations": same("registered_users grows by new_registered from day to day"),
    "lines": same(
        "gmv_paid of a day is the sum of the day's order lines; shipping and discounts differ", "warning"
    ),
}
