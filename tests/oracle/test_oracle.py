"""The oracle itself, against answers worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from tests.oracle.activity import Oracle, Row
from tests.oracle.commerce import orders_daily
from tests.oracle.world import Event, Order, Refund, Registration, World


def event(
    n: int, user: str | None, day: int, scene: str | None, hour: int = 12, *, is_exposure: bool = False
) -> Event:
    return Event(f"e{n}", user, datetime(2025, 1, day, hour, tzinfo=UTC), is_exposure, scene)


def world(*events: Event, zone: str = "UTC", **more: object) -> World:
    listed = {("scene", "home"): date(2025, 1, 1), ("scene", "feed"): date(2025, 1, 3)}
    first, last = date(2025, 1, 1), date(2025, 1, 31)
    return World(events, listed, zone, first, last, date(2025, 1, 10), **more)  # type: ignore[arg-type]


def of(rows: list[Row], **where: object) -> Row:
    found = [row for row in rows if all(row[name] == value for name, value in where.items())]
    assert len(found) == 1
    return found[0]


def test_two_users_on_three_days_give_the_windows_counted_by_hand() -> None:
    oracle = Oracle(world(event(1, "a", 1, "home"), event(2, "a", 8, "home"), event(3, "b", 8, "feed")))
    row = of(oracle.activity_daily(date(2025, 1, 8), date(2025, 1, 8)), scope_type="all")
    assert {name: row[name] for name in ("events", "dau", "wau", "mau28", "mau30", "user_days_28")} == {
        "events": 2, "dau": 2, "wau": 2, "mau28": 2, "mau30": 2, "user_days_28": 3,
    }  # fmt: skip
    assert (row["new_to_platform"], row["stickiness"], row["stickiness_avg"]) == (1, 1.0, 3 / 56)
    assert (row["light"], row["medium"], row["is_complete"], row["is_left_censored"]) == (2, 0, True, True)
    assert oracle.histogram(("all", "all"), date(2025, 1, 8)) == {2: 1, 1: 1}


def test_a_week_is_seven_days_and_28_days_leave_on_the_28th_day_after() -> None:
    oracle = Oracle(world(event(1, "a", 1, "home")))
    rows = oracle.activity_daily(date(2025, 1, 1), date(2025, 1, 31))
    home = {row["activity_date"].day: row for row in rows if row["scope_id"] == "home"}
    assert [home[day]["wau"] for day in (1, 7, 8)] == [1, 1, 0]
    assert [home[day]["mau28"] for day in (1, 28, 29)] == [1, 1, 0]
    assert [home[day]["mau30"] for day in (29, 30, 31)] == [1, 1, 0]
    assert [home[day]["is_left_censored"] for day in (29, 30)] == [True, False]


def test_unlisted_codes_no_code_exposures_and_no_user_go_where_the_contract_says() -> None:
    oracle = Oracle(
        world(
            event(1, "a", 4, "strange"), event(2, "a", 4, "home"), event(3, "a", 4, None),
            event(4, None, 4, "home"), event(5, "b", 4, "home", is_exposure=True), event(6, "z", 4, "home"),
            excluded=frozenset({("z", date(2025, 1, 4))}),
        )
    )  # fmt: skip
    rows = oracle.activity_daily(date(2025, 1, 4), date(2025, 1, 4))
    scenes = {row["scope_id"]: row for row in rows if row["scope_type"] == "scene"}
    assert {name: row["dau"] for name, row in scenes.items()} == {
        "home": 1,
        "feed": 0,
        "unknown": 1,
        "unassigned": 1,
    }
    assert [scenes[name]["unique_only_here"] for name in ("home", "unknown", "unassigned")] == [0, 0, 0]
    every = of(rows, scope_type="all")
    assert [every[n] for n in ("events", "exposures", "anonymous_events", "excluded_events", "dau")] == [
        3,
        1,
        1,
        1,
        1,
    ]
    assert of(oracle.overview(date(2025, 1, 4), date(2025, 1, 4)), scope_type="scene")["events"] == 1


def test_a_member_has_rows_from_its_since_and_a_discovered_one_from_its_first_event() -> None:
    oracle = Oracle(world(event(1, "a", 2, "new"), discovered=frozenset({"scene"})))
    ids = {day: {i for t, i in oracle.spine(date(2025, 1, day)) if t == "scene"} for day in (1, 2, 3)}
    assert ids[1] == {"unknown", "unassigned", "home"}
    assert ids[2] == ids[1] | {"new"}
    assert ids[3] == ids[2] | {"feed"}


def test_facts_know_the_previous_day_and_63_bits() -> None:
    late = Event("e3", "a", datetime(2025, 3, 6, 12, tzinfo=UTC), scene="home")
    oracle = Oracle(world(event(1, "a", 1, "home"), event(2, "a", 3, "home"), late))
    rows = {r["event_date"]: r for r in oracle.user_scope_day() if r["scope_id"] == "home"}
    assert [rows[day]["history_bits"] for day in sorted(rows)] == [1, 0b101, 1 | 2**62]
    assert [rows[day]["prev_date"] for day in sorted(rows)] == [None, date(2025, 1, 1), date(2025, 1, 3)]
    assert {row["first_date"] for row in rows.values()} == {date(2025, 1, 1)}


def test_retention_is_null_until_the_window_has_closed() -> None:
    oracle = Oracle(world(event(1, "a", 3, "home"), event(2, "b", 3, "home"), event(3, "a", 10, "home")))
    rows = [r for r in oracle.retention(date(2025, 1, 3), date(2025, 1, 3)) if r["scope_id"] == "home"]
    seen = {
        r["retention_window"]: (r["cohort_size"], r["retained_so_far"], r["retained"], r["rate"])
        for r in rows if r["cohort_kind"] == "recurring"
    }  # fmt: skip
    assert seen["D3"] == (2, 0, 0, 0.0)
    assert seen["D7"] == seen["W1"] == (2, 1, 1, 0.5)
    assert seen["unbounded_7_60"] == (2, 1, None, None)
    later = oracle.retention(date(2025, 1, 10), date(2025, 1, 10))
    assert of(later, scope_id="home", cohort_kind="first_ever", retention_window="D1")["cohort_size"] == 0
    assert of(later, scope_id="home", cohort_kind="recurring", retention_window="D1")["cohort_size"] == 1


def test_the_day_is_the_local_one_on_both_sides_of_midnight_and_of_dst() -> None:
    here = world(zone="America/New_York")
    at = [datetime(2025, 11, 2, 3, 59, 59, tzinfo=UTC), datetime(2025, 11, 2, 4, tzinfo=UTC),
          datetime(2025, 11, 3, 4, 59, 59, tzinfo=UTC), datetime(2025, 11, 3, 5, tzinfo=UTC)]  # fmt: skip
    assert [here.day_of(Event("e", "a", t)).day for t in at] == [1, 2, 2, 3]


def test_money_is_counted_on_the_day_it_moved_and_null_where_not_mapped() -> None:
    first, last = date(2025, 1, 1), date(2025, 1, 2)
    orders = [
        Order("o1", "a", first, Decimal("5.00")),
        Order("o2", None, first, Decimal("1.10")),
        Order("o3", "a", None, Decimal(9)),
    ]
    refunds, users = (
        [Refund("r1", last, Decimal("2.00"))],
        [Registration("a", first), Registration("b", None)],
    )
    every = orders_daily(
        orders, refunds, users, first, last, first, frozenset({"orders", "refunds", "users"})
    )
    names = (
        "orders",
        "buyers",
        "gmv_paid",
        "refunds",
        "net_cash",
        "new_registered",
        "registered_users",
        "is_complete",
    )
    assert [[row[name] for name in names] for row in every] == [
        [2, 1, Decimal("6.10"), Decimal(0), Decimal("6.10"), 1, 1, True],
        [0, 0, Decimal(0), Decimal("2.00"), Decimal("-2.00"), 0, 1, False],
    ]
    alone = orders_daily(orders, [], [], first, first, first, frozenset({"orders"}))[0]
    assert (alone["orders"], alone["refunds"], alone["net_cash"], alone["registered_users"]) == (
        2,
        None,
        None,
        None,
    )
