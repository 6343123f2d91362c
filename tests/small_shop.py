"""A shop of two mappings and a handful of records: events by both, orders in states, refunds, user snapshots."""

from __future__ import annotations

from pathlib import Path

from conf.settings import Settings, load

ACTIVITY = """  activity:
    kind: activity
    input: log
    key: {{column: id}}
    columns: {{user_id: user, event_at: {{column: at, time: iso}}, event_type: type, scene_id: scene}}
"""
APP = (
    """
title: Events of the app
root: {root}
zone: UTC
inputs:
  log:
    path: app/{{date}}*.csv
    format: {{kind: csv}}
    delivery: {{calendar: daily}}
feeds:
"""
    + ACTIVITY
)
SHOP = (
    """
title: Events of the web shop, its orders, refunds and users
root: {root}
zone: UTC
inputs:
  log:
    path: web/{{date}}.csv
    format: {{kind: csv}}
    delivery: {{calendar: daily}}
  order_log:
    path: orders/{{date}}.csv
    format: {{kind: csv}}
    delivery: {{calendar: as_delivered}}
  refund_log:
    path: refunds/{{date}}.csv
    format: {{kind: csv}}
    delivery: {{calendar: as_delivered}}
  user_list:
    path: users/{{date}}.csv
    format: {{kind: csv}}
    delivery: {{calendar: daily}}
feeds:
"""
    + ACTIVITY
    + """  orders:
    kind: orders
    input: order_log
    key: {{column: id}}
    columns:
      user_id: user
      status: status
      paid_at: {{column: paid, time: iso}}
      updated_at: {{column: updated, time: iso}}
      amount: amount
  refunds:
    kind: refunds
    input: refund_log
    key: {{column: id}}
    columns: {{order_id: order, user_id: user, amount: amount, refunded_at: {{column: at, time: iso}}}}
  users:
    kind: users
    input: user_list
    key: {{column: id}}
    columns: {{registered_at: {{column: registered, time: iso}}, member_level: level}}
"""
)
SETTINGS = "{business_zone: UTC, allowed_lateness_days: 1, spark: {master: 'local[2]', driver_memory: 1g, shuffle_partitions: 2}}\n"
EVENT, ORDER, REFUND = (
    "id,user,at,type,scene",
    "id,user,status,paid,updated,amount",
    "id,order,user,amount,at",
)
FILES = {
    "app/2026-03-01.csv": (EVENT, "a1,u1,2026-03-01T08:00:00Z,view,home", "a2,u2,2026-03-01T09:00:00Z,view,home"),
    "app/2026-03-02.csv": (EVENT, "a3,u1,2026-03-02T08:00:00Z,view,home", "a1,u1,2026-03-01T08:00:00Z,view,home"),
    "app/2026-03-03.csv": (EVENT, "a4,u3,2026-03-03T08:00:00Z,view,home", "a5,u1,2026-03-01T10:00:00Z,view,home",
                           "a6,u4,nonsense,view,home"),
    "web/2026-03-01.csv": (EVENT, "w1,u1,2026-03-01T08:00:00Z,buy,cart"),
    "web/2026-03-02.csv": (EVENT, "w2,u2,2026-03-02T08:00:00Z,buy,cart", "w3,,2026-03-02T09:00:00Z,buy,cart"),
    "web/2026-03-03.csv": (EVENT, "w4,u2,2026-03-03T08:00:00Z,buy,cart", "w2,u2,2026-03-02T08:00:00Z,buy,cart"),
    "orders/2026-03-01.csv": (ORDER, "o1,u1,new,2026-03-01T08:00:00Z,2026-03-01T08:00:00Z,10.00",
                              "o2,u2,new,2026-03-01T09:00:00Z,2026-03-01T09:00:00Z,20.00"),
    "orders/2026-03-02.csv": (ORDER, "o1,u1,paid,2026-03-01T08:00:00Z,2026-03-02T08:00:00Z,11.00",
                              "o3,u2,new,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,oops"),
    "orders/2026-03-03.csv": (ORDER, "o1,u1,sent,2026-03-01T08:00:00Z,2026-03-03T08:00:00Z,12.00",
                              "o2,u2,new,2026-03-01T09:00:00Z,2026-03-01T09:00:00Z,20.00"),
    "refunds/2026-03-02.csv": (REFUND, "r1,o2,u2,5.00,2026-03-02T10:00:00Z"),
    "refunds/2026-03-03.csv": (REFUND, "r1,o2,u2,5.00,2026-03-02T10:00:00Z", "r2,o1,u1,1.00,2026-03-03T10:00:00Z"),
    "users/2026-03-01.csv": ("id,registered,level", "u1,2026-02-01T00:00:00Z,silver", "u2,2026-02-01T00:00:00Z,silver"),
    "users/2026-03-02.csv": ("id,registered,level", "u1,2026-02-01T00:00:00Z,gold", "u2,2026-02-01T00:00:00Z,silver"),
    "users/2026-03-03.csv": ("id,registered,level", "u1,2026-02-01T00:00:00Z,silver", "u2,2026-02-01T00:00:00Z,gold"),
}  # fmt: skip


def land(folder: Path, **changed: tuple[str, ...]) -> None:
    """Write the files below <folder>/landing; `changed` names others as `app/2026-03-01.csv`."""
    for name, lines in (FILES | changed).items():
        path = folder / "landing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def deploy(folder: Path, lake: str = "lake", app: str = APP, shop: str = SHOP) -> Settings:
    """The deployment in <folder>/conf on the files in <folder>/landing."""
    sources = folder / "conf" / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    (folder / "conf" / "settings.yml").write_text(SETTINGS, encoding="utf-8")
    (folder / "conf" / "members").mkdir(exist_ok=True)
    (folder / "conf" / "members" / "scenes.yml").write_text("discover: true\n", encoding="utf-8")
    for name, text in (("app", app), ("shop", shop)):
        (sources / f"{name}.yml").write_text(text.format(root=folder / "landing"), encoding="utf-8")
    return load(folder / "conf", str(folder / lake))
