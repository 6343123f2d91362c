"""The demo's users as daily CSV snapshots, orders as JSON lines of states, and refunds."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from jobs.demo.truth import Truth
from jobs.demo.world import DAY, Ints, Users

USERS, ORDERS, REFUNDS = "demo.users", "demo.orders", "demo.refunds"
_ZONE = timezone(timedelta(hours=8))
_HEADER = "user_id,registered_at,platform,channel,region,member_level,is_bot,is_staff"
_PLATFORMS, _CHANNELS = (
    ("ios", "android", "web", "mini_program"),
    ("organic", "paid_search", "social", "referral"),
)
_REGIONS = ("华东", "华南", "华北", "华中", "西南", "西北", "东北")
_BROKEN_USERS = (("u0,2026-01-01", "too_few_fields"), ("u0,a,b,c,d,e,f,g,h,i", "too_many_fields"),
                 (",2026-01-01T00:00:00+08:00,web,organic,华东,basic,false,false", "missing_required"))  # fmt: skip


def _local(start: date, second: int) -> str:
    midnight = datetime(start.year, start.month, start.day, tzinfo=_ZONE)
    return (midnight + timedelta(seconds=int(second))).isoformat()


def _day(start: date, day: int) -> str:
    return str(start + timedelta(days=day))


def land_users(out: Path, users: Users, days: int, start: date, faults: float, truth: Truth) -> None:
    """users/dt=…/users.csv: every account that is registered by the end of the day."""
    heads, tails = [], []
    for number, registered in enumerate(users.registered.tolist()):
        at = _local(start, registered * DAY + 36_000 + number % 20_000)
        heads.append(
            f"u{number},{at},{_PLATFORMS[number % 4]},{_CHANNELS[number % 3]},{_REGIONS[number % 7]},"
        )
        tails.append(f",{str(users.is_bot[number]).lower()},{str(users.is_staff[number]).lower()}")
    for day in range(days):
        present = np.nonzero(users.registered <= day)[0].tolist()
        raised = (users.changes >= 0) & (users.changes <= day)
        lines = [_HEADER] + [f"{heads[n]}{'gold' if raised[n] else 'basic'}{tails[n]}" for n in present]
        is_new = users.registered == day if day else users.registered <= 0
        changed = int(np.sum(is_new | ((users.changes == day) & (users.registered < day))))
        truth.add(USERS, _day(start, day), "accepted", "", changed)
        truth.add(USERS, _day(start, day), "superseded", "unchanged", len(present) - changed)
        truth.tables["clean.users"] += changed
        if faults and day % 10 == 3:
            for line, reason in _BROKEN_USERS:
                lines.append(line)
                truth.add(USERS, _day(start, day), "quarantined", reason)
        folder = out / "users" / f"dt={_day(start, day)}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "users.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def land_orders(
    out: Path,
    rng: np.random.Generator,
    user: Ints,
    day: Ints,
    days: int,
    start: date,
    faults: float,
    truth: Truth,
) -> None:
    """orders/dt=…/orders.jsonl (a record per state) and refunds/dt=…/refunds.jsonl."""
    chosen = rng.random(len(user)) < 0.07
    orders: dict[int, list[str]] = defaultdict(list)
    refunds: dict[int, list[str]] = defaultdict(list)
    for number, (buyer, on) in enumerate(zip(user[chosen].tolist(), day[chosen].tolist(), strict=True)):
        _one_order(rng, number, buyer, on, days, start, faults, orders, refunds, truth)
    if faults:
        _broken_orders(orders, days, start, truth)
    for name, landed in (("orders", orders), ("refunds", refunds)):
        for at in range(days):
            folder = out / name / f"dt={_day(start, at)}"
            folder.mkdir(parents=True, exist_ok=True)
            text = "".join(f"{line}\n" for line in landed[at])
            (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


def _one_order(
    rng: np.random.Generator, number: int, buyer: int, on: int, days: int, start: date, faults: float,
    orders: dict[int, list[str]], refunds: dict[int, list[str]], truth: Truth,
) -> None:  # fmt: skip
    created = on * DAY + int(rng.integers(8 * 3600, 23 * 3600))
    paid = created + int(rng.integers(30, 1800)) if rng.random() < 0.85 else None
    lines = [_line(rng, place) for place in range(int(rng.integers(1, 5)))]
    cents = sum(int(str(line.pop("cents"))) for line in lines)
    states = [("created", created)]
    if paid is not None:
        states += [("paid", paid), ("shipped", paid + DAY), ("completed", paid + 2 * DAY)]
    landed = [(status, at) for status, at in states if at < days * DAY]
    order_id = f"o{number}"
    for place, (status, at) in enumerate(landed):
        body = {
            "order_id": order_id, "user_id": f"u{buyer}", "status": status, "created_at": _local(start, created),
            "paid_at": _local(start, paid) if paid is not None and at >= paid else None,
            "updated_at": _local(start, at), "amount": f"{cents / 100:.2f}",
            "payment": {"method": "wallet", "channel": "app"}, "lines": lines,
        }  # fmt: skip
        text, at_day = json.dumps(body, ensure_ascii=False), at // DAY
        orders[at_day].append(text)
        is_last = place == len(landed) - 1
        truth.add(
            ORDERS,
            _day(start, at_day),
            "accepted" if is_last else "superseded",
            "" if is_last else "older_state",
        )
        if faults and is_last and number % 97 == 0:
            orders[at_day].append(text)
            truth.add(ORDERS, _day(start, at_day), "duplicate", "repeated_key")
    truth.tables["clean.orders"] += 1
    truth.tables["clean.order_lines"] += len(lines)
    if paid is not None and paid < days * DAY and rng.random() < 0.06:
        _one_refund(rng, number, buyer, paid, cents, days, start, faults, refunds, truth)


def _line(rng: np.random.Generator, place: int) -> dict[str, object]:
    quantity, price = int(rng.integers(1, 4)), int(rng.integers(500, 30_000))
    item = int(rng.integers(0, 800))
    return {
        "line_id": str(place + 1), "item_id": f"i{item}", "merchant_id": f"m{item % 40}", "quantity": quantity,
        "unit_price": f"{price / 100:.2f}", "amount": f"{quantity * price / 100:.2f}", "cents": quantity * price,
    }  # fmt: skip


def _one_refund(
    rng: np.random.Generator, number: int, buyer: int, paid: int, cents: int, days: int, start: date, faults: float,
    refunds: dict[int, list[str]], truth: Truth,
) -> None:  # fmt: skip
    at = paid + int(rng.integers(1, 15)) * DAY
    wait = 6 if faults and number % 23 == 0 else 0
    landed = at // DAY + wait
    if landed >= days:
        return
    part = cents if rng.random() < 0.7 else cents // 2
    body = {
        "refund_id": f"r{number}", "order_id": f"o{number}", "user_id": f"u{buyer}",
        "amount": f"{part / 100:.2f}", "refunded_at": _local(start, at),
    }  # fmt: skip
    refunds[landed].append(json.dumps(body))
    truth.add(REFUNDS, _day(start, landed), "late" if wait else "accepted", "too_late" if wait else "")
    truth.tables["clean.refunds"] += 0 if wait else 1


def _broken_orders(orders: dict[int, list[str]], days: int, start: date, truth: Truth) -> None:
    for day in range(4, days, 9):
        for value, reason in (('"oops"', "type_mismatch"), ("99999999999999999999999", "out_of_range")):
            orders[day].append(
                f'{{"order_id":"bad{day}","updated_at":"{_local(start, day * DAY)}","amount":{value}}}'
            )
            truth.add(ORDERS, _day(start, day), "quarantined", reason)
