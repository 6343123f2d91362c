"""A mapping that cannot be executed is refused before anything runs, with file, line, field and rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from conf.errors import ConfigError
from conf.settings import load
from jobs.mapping.check import check_settings

GOOD = """title: A shop
root: .
zone: UTC
inputs:
  log:
    path: "{date}.csv"
    format: {kind: csv}
    delivery: {calendar: daily}
feeds:
  activity:
    kind: activity
    input: log
    key: position
    filters:
      test: user = 'test'
    columns: &columns
      user_id: user
      event_at: {column: at, time: iso}
      event_type: {expression: lower(what)}
  again:
    kind: activity
    input: log
    key: content
    columns:
      <<: *columns
      scene_id: scene
"""
ORDERS = """
  orders:
    kind: orders
    input: log
    key: {column: id}
    columns: {amount: total, paid_at: at}
    lines: {column: items, columns: {item_id: sku}}
"""


def _check(folder: Path, text: str) -> None:
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "shop.yml").write_text(text, encoding="utf-8")
    check_settings(load(folder))


def test_a_mapping_in_order_passes(tmp_path: Path) -> None:
    _check(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("zone: UTC", "zone: Mars/Base", "line 3: zone: 'Mars/Base' is no IANA time zone"),
        ("{date}.csv", "all.csv", "line 5: inputs.log: path: needs {date}, since the calendar is daily"),
        ("{date}.csv", "{date:%Y%m}.csv", "line 5: inputs.log: path: '%Y%m' needs %Y, %m and %d once each"),
        ("{date}.csv", "{day}.csv", "line 5: inputs.log: path: needs {date}"),
        ("{date}.csv", "{date}/{day}.csv", "line 5: inputs.log: path: of braces only {date} and {date:FORM}"),
        ("{date}.csv", "../{date}.csv", "line 5: inputs.log: path: must be below the root of the source"),
        ("kind: csv}", "kind: xlsx}", "line 7: inputs.log.format.kind: Input should be 'csv', 'json' or 'parquet'"),
        ("kind: csv}", "kind: csv, encoding: klingon}", "line 7: inputs.log.format.encoding: 'klingon' is no known"),
        ("kind: csv}", "kind: csv, header: false}", "line 7: inputs.log.format: names: required where header is false"),
        ("kind: csv}", "kind: csv, names: [a]}", "line 7: inputs.log.format: names: only for csv with header: false"),
        ("kind: csv}", "kind: csv, delimiter: ''}", "line 7: inputs.log.format: delimiter: characters without"),
        ("kind: csv}", "kind: csv, delimiter: '\"|\"'}", "line 7: inputs.log.format: delimiter: characters without"),
        ("kind: csv}", "kind: csv, mode: DROPMALFORMED}", "line 7: inputs.log.format.mode: Extra inputs"),
        ("calendar: daily", "calendar: hourly", "line 8: inputs.log.delivery.calendar: Input should be 'daily'"),
        ("input: log", "input: lag", "line 1: file: feeds.activity.input: no input named 'lag'"),
        ("key: position", "key: {}", "line 13: feeds.activity.key: key: give {column: NAME}, {expression: SQL}, content"),
        ("key: position", "key: {expression: uuid()}", "line 13: feeds.activity.key.expression: "),
        ("user = 'test'", "rand() > 0.5", "line 15: feeds.activity.filters.test: RAND(): Rand is not allowed here"),
        ("user_id: user", "user: user", "line 17: feeds.activity.columns.user: no such contract column; known are"),
        ("user_id: user", "session_id: user", "line 16: feeds.activity.columns: user_id is required for activity"),
        ("time: iso", "time: YYYY-MM-dd", "line 18: feeds.activity.columns.event_at.time: 'YYYY-MM-dd' is none of iso"),
        ("time: iso", "time: HH:mm", "line 18: feeds.activity.columns.event_at.time: 'HH:mm' does not say year"),
        ("time: iso", "zone: CEST", "line 18: feeds.activity.columns.event_at.zone: 'CEST' is no IANA time zone"),
        ("user_id: user", "user_id: {column: user, time: iso}", "user_id.time: user_id is no instant but string"),
        ("lower(what)", "current_date()", "line 19: feeds.activity.columns.event_type.expression: CURRENT_DATE"),
        ("lower(what)", "(select 1)", "line 19: feeds.activity.columns.event_type.expression: "),
        ("lower(what)", "a +", "line 19: feeds.activity.columns.event_type.expression: cannot be parsed"),
        ("scene_id: scene", "scene_id: {codes: {a: b}}", "line 26: feeds.again.columns.scene_id: give exactly one of"),
        ("scene_id: scene", "scene_id: scene\n    exposure: uuid()", "line 27: feeds.again.exposure: "),
        ("scene_id: scene", "scene_id: scene\n" + ORDERS, "feeds.orders.lines.columns: amount is required for lines of"),
        ("kind: activity", "kind: clicks", "line 11: feeds.activity.kind: 'clicks' is no kind of feed; the kinds are activity, "),
        ("kind: activity", "kind: activity\n    grain: line", "line 12: feeds.activity.grain: 'line' is nothing that one "),
        ("kind: activity", "kind: orders\n    grain: lines", "record of orders can be; it can be: order, line"),
        ("key: content", "key: content\n    lines: {column: a, columns: {}}", "only orders of grain order hold lines"),
        ("scene_id: scene", "scene_id: scene" + ORDERS.replace("lines: {column: items, columns: {item_id: sku}}",
         "exposure: a = 'b'"), "feeds.orders.exposure: only activity has exposures"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_line_field_and_rule(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError) as error:
        _check(tmp_path, GOOD.replace(old, new, 1))
    first = str(error.value).splitlines()[0]
    assert first.startswith(f"{tmp_path}/sources/shop.yml, line ")
    assert message in first


def test_every_fault_is_listed(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        _check(tmp_path, GOOD.replace("lower(what)", "uuid()").replace("user = 'test'", "now() > 1"))
    assert [line.split(": ")[1] for line in str(error.value).splitlines()] == [
        "feeds.activity.columns.event_type.expression",
        "feeds.activity.filters.test",
        "feeds.again.columns.event_type.expression",
    ]


def test_a_deployment_without_a_mapping_is_told_how_to_get_one(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    with pytest.raises(ConfigError, match="activelake init"):
        check_settings(load(tmp_path))
