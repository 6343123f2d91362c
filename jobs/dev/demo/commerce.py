"""The demo's orders, with one JSON line per state of an order, and its refunds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.dev.demo.lines import content, iso, joined, json_texts, money
from jobs.dev.demo.setting import OFFSET, Setting
from jobs.dev.demo.truth import Truth
from jobs.dev.demo.world import DAY, ITEMS, MERCHANTS, Ints

ORDERS, REFUNDS = "demo.orders", "demo.refunds"
_STATES = ("created", "paid", "shipped", "completed")
_METHODS = ("wallet", "bank_card", "pay_later")
_ORDER_OUTCOMES = ("accepted:", "superseded:older_state", "duplicate:repeated_key")
_REFUND_OUTCOMES = ("accepted:", "late:too_late")
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Orders:
    """The orders; one array entry per order.

    Attributes:
        buyer: number of the user.
        at: second at which each state is reached, one column per state; _NEVER for states that are not reached.
        cents: amount of the order in cents.
        lines: the order lines as JSON.
        line_count: number of order lines.
    """

    buyer: Ints
    at: Ints
    cents: Ints
    lines: pa.Array
    line_count: Ints


def make_orders(rng: np.random.Generator, user: Ints, day: Ints) -> Orders:
    """Draw orders: some visits lead to an order of one to four lines, and most orders are paid."""
    chosen = rng.random(len(user)) < 0.07
    buyer, on = user[chosen], day[chosen]
    count = len(buyer)
    created = on * DAY + rng.integers(8 * 3600, 23 * 3600, count)
    is_paid = rng.random(count) < 0.85
    paid = np.where(is_paid, created + rng.integers(30, 1800, count), _NEVER)
    later = [np.where(is_paid, paid + days * DAY * is_paid, _NEVER) for days in (1, 2)]
    line_count = rng.integers(1, 5, count)
    ends = np.cumsum(line_count)
    line_index = np.arange(line_count.sum()) - np.repeat(ends - line_count, line_count)
    item, quantity = rng.integers(0, ITEMS, len(line_index)), rng.integers(1, 4, len(line_index))
    price = rng.integers(500, 30_000, len(line_index))
    texts = joined(
        '{"line_id":"', line_index + 1, '","item_id":"i', item, '","merchant_id":"m', item % MERCHANTS, '","quantity":',
        quantity, ',"unit_price":"', money(price), '","amount":"', money(quantity * price), '"}',
    )  # fmt: skip
    of_orders = pa.ListArray.from_arrays(pa.array(np.append(0, ends), pa.int32()), texts)
    total = np.append(0, np.cumsum(quantity * price))
    cents = total[ends] - total[ends - line_count]
    return Orders(
        buyer, np.stack([created, paid, *later], 1), cents, pc.binary_join(of_orders, ","), line_count
    )


def land_orders(out: Path, orders: Orders, setting: Setting, truth: Truth) -> None:
    """Write orders/dt=…/orders.jsonl: one record per state that an order reaches; some newest states land twice."""
    has_landed = orders.at < setting.end
    order, state = np.nonzero(has_landed)
    is_last = state == has_landed.sum(1)[order] - 1
    twice = is_last & (order % 97 == 0) & bool(setting.faults)
    times = np.where(twice, 2, 1)
    is_repeat = np.zeros(times.sum(), bool)
    is_repeat[np.cumsum(times)[twice] - 1] = True
    order, state, is_last = (np.repeat(column, times) for column in (order, state, is_last))
    outcome = np.where(is_repeat, 2, np.where(is_last, 0, 1))
    day = orders.at[order, state] // DAY
    truth.add_each(ORDERS, setting.days_text, day, _ORDER_OUTCOMES, outcome)
    paid = orders.at[:, 1] // DAY
    truth.add_rows("clean.orders", setting.days_text, paid)
    truth.add_rows("clean.order_lines", setting.days_text, np.repeat(paid, orders.line_count))
    lines = _order_lines(orders, order, state, setting)
    _land(out, "orders", lines, day, setting, _broken(setting, truth) if setting.faults else {})


def _order_lines(orders: Orders, order: Ints, state: Ints, setting: Setting) -> pa.Array:
    created, paid, updated = orders.at[order, 0], orders.at[order, 1], orders.at[order, state]
    paid_at = _local(np.where(state > 0, paid, 0), setting)
    paid_or_null = pc.if_else(pa.array(state > 0), paid_at, pa.scalar(None, pa.string()))
    methods = pa.array(_METHODS).take(pa.array(order % len(_METHODS)))
    return joined(
        '{"order_id":"o', order, '","user_id":"u', orders.buyer[order], '","status":"', pa.array(_STATES).take(pa.array(state)),
        '","created_at":"', _local(created, setting), '","paid_at":', json_texts(paid_or_null),
        ',"updated_at":"', _local(updated, setting), '","amount":"', money(orders.cents[order]),
        '","payment":{"method":"', methods, '","channel":"app"},"lines":[', orders.lines.take(pa.array(order)), "]}\n",
    )  # fmt: skip


def land_refunds(out: Path, rng: np.random.Generator, orders: Orders, setting: Setting, truth: Truth) -> None:
    """Write refunds/dt=…/refunds.jsonl: the whole or half amount of some paid orders, a few of them too late."""
    count = len(orders.buyer)
    wanted, back_after = rng.random(count) < 0.06, rng.integers(1, 15, count)
    is_whole = rng.random(count) < 0.7
    number = np.nonzero(wanted & (orders.at[:, 1] < setting.end))[0]
    at = orders.at[number, 1] + back_after[number] * DAY
    wait = np.where((number % 23 == 0) & bool(setting.faults), 6, 0)
    day = at // DAY + wait
    kept = day < setting.days
    number, at, wait, day = (column[kept] for column in (number, at, wait, day))
    cents = np.where(is_whole[number], orders.cents[number], orders.cents[number] // 2)
    truth.add_each(REFUNDS, setting.days_text, day, _REFUND_OUTCOMES, (wait > 0).astype(int))
    truth.add_rows("clean.refunds", setting.days_text, (at // DAY)[wait == 0])
    lines = joined(
        '{"refund_id":"r', number, '","order_id":"o', number, '","user_id":"u', orders.buyer[number], '","amount":"',
        money(cents), '","refunded_at":"', _local(at, setting), '"}\n',
    )  # fmt: skip
    _land(out, "refunds", lines, day, setting, {})


def _local(seconds: Ints, setting: Setting) -> pa.Array:
    return iso(setting.midnight + seconds, "s", OFFSET)


def _broken(setting: Setting, truth: Truth) -> dict[int, bytes]:
    lines_by_day = {}
    for day in range(4, setting.days, 9):
        lines = []
        for value, reason in (('"oops"', "type_mismatch"), ("99999999999999999999999", "out_of_range")):
            at = f"{setting.days_text[day]}T00:00:00{OFFSET}"
            lines.append(f'{{"order_id":"bad{day}","updated_at":"{at}","amount":{value}}}\n')
            truth.add(ORDERS, setting.days_text[day], "quarantined", reason)
        lines_by_day[day] = "".join(lines).encode()
    return lines_by_day


def _land(out: Path, name: str, lines: pa.Array, day: Ints, setting: Setting, more: dict[int, bytes]) -> None:
    order = np.argsort(day, kind="stable")
    ends = np.cumsum(np.bincount(day, minlength=setting.days))
    sorted_lines = lines.take(pa.array(order))
    for at in setting.track(name, range(setting.days)):
        first = ends[at - 1] if at else 0
        text = content(sorted_lines.slice(first, ends[at] - first)) + more.get(at, b"")
        (setting.folder(out, name, at) / f"{name}.jsonl").write_bytes(text)
