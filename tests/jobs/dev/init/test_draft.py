"""From what `init` writes to a mapping that gives the known answers it takes few edited lines, and no guess slips through."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
import yaml

from conf.errors import ConfigError
from conf.settings import load
from jobs.dev.init.draft import draft, write
from jobs.dev.init.guess import time_form
from jobs.dev.init.sample import look

SAMPLES = Path(__file__).parents[3] / "samples"
FOLDERS = {"online_retail": "online-retail", "ecom": "ecom"}


@pytest.fixture
def drafted(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """What `init` writes for the slice of a sample."""
    folder, root = tmp_path / "conf", SAMPLES / "slices" / FOLDERS[request.param]
    write(folder, request.param, root, look(root, root.iterdir()))
    return folder


def _changed(before: Path, after: Path) -> int:
    """Lines that have to be changed, added or removed to make one file the other."""
    old, new = (path.read_text(encoding="utf-8").splitlines() for path in (before, after))
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(max(b - a, d - c) for tag, a, b, c, d in steps if tag != "equal")


@pytest.mark.parametrize(("drafted", "lines"), [("online_retail", 10), ("ecom", 14)], indirect=["drafted"])
def test_from_the_draft_to_the_known_answers_it_takes_at_most_fifteen_lines(
    drafted: Path, lines: int, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.params["drafted"]
    files = sorted(path.relative_to(drafted) for path in drafted.rglob("*.yml"))
    wanted = sorted(path.relative_to(SAMPLES / name) for path in (SAMPLES / name).rglob("*.yml"))
    assert files == wanted
    assert sum(_changed(drafted / file, SAMPLES / name / file) for file in files) == lines <= 15


@pytest.mark.parametrize(("drafted", "count"), [("online_retail", 7), ("ecom", 7)], indirect=["drafted"])
def test_a_draft_fails_the_check_with_file_and_line_of_everything_that_is_open(
    drafted: Path, count: int
) -> None:
    open_lines = {
        f"{path}, line {number}: {line.strip()}: has to be filled in"
        for path in drafted.rglob("*.yml")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "TODO" in line
    }
    assert len(open_lines) == count
    with pytest.raises(ConfigError) as error:
        load(drafted)
    assert set(str(error.value).splitlines()) == open_lines


@pytest.mark.parametrize(
    ("name", "value", "zone"),
    [
        ("at_time", "2026-03-01T10:00:00Z", "UTC"),
        ("at_time", "2026-03-01 10:00:00+08:00", "UTC"),
        ("ts", "1772359200", "UTC"),
        ("created", "2026-03-01 10:00:00", "TODO"),
        ("visit_date", "01/03/2026 10:00", "TODO"),
        ("when", "yesterday", "TODO"),
    ],
)
def test_the_zone_is_left_open_unless_every_time_says_its_own(
    tmp_path: Path, name: str, value: str, zone: str
) -> None:
    (tmp_path / "log.csv").write_text(f"user_id,{name}\n1,{value}\n")
    assert f"\nzone: {zone}" in draft("log", tmp_path, look(tmp_path, [tmp_path / "log.csv"]))


def test_nothing_is_guessed_where_names_and_values_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("who,when\n1,yesterday\n")
    text = draft("log", tmp_path, look(tmp_path, [tmp_path / "log.csv"]))
    still_open = [line.split(":")[0].strip() for line in text.splitlines() if "TODO" in line]
    assert still_open == [
        "zone", "delivery", "kind", "key", "user_id", "event_at", "event_type", "scene_id", "tool_id", "service_id",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            "event_id,user_id,event_type,at,received_at,scene,order_id",
            "1,u,view,2026-03-01T10:00:00Z,1772359200000,home,o",
            ["kind: activity", "key: {column: event_id}", "user_id: user_id", "event_type: event_type",
             "scene_id: scene", "received_at: {column: received_at, time: epoch_ms}"],
        ),
        (
            "订单,order_no,buyer_id,created_at,pay_time,total_amount,status",
            "x,1,u,2026-03-01 10:00:00,2026-03-01 10:01:00,9.90,paid",
            ["kind: orders", "key: {column: order_no}", "user_id: buyer_id", "amount: total_amount",
             "paid_at: {column: pay_time, time: iso}", "created_at: {column: created_at, time: iso}", "status: status"],
        ),
        (
            "refund_id,order_id,user_id,amount,refunded_at",
            "1,2,u,9.90,1772359200",
            ["kind: refunds", "key: {column: refund_id}", "order_id: order_id", "amount: amount",
             "refunded_at: {column: refunded_at, time: epoch_s}"],
        ),
        (
            "user_id,registered_at,region,is_bot",
            "1,2026-03-01T10:00:00+08:00,北京,false",
            ["kind: users", "key: {column: user_id}", "registered_at: {column: registered_at, time: iso}",
             "region: region", "is_bot: is_bot"],
        ),
    ],
)  # fmt: skip
def test_what_the_records_are_is_told_by_their_columns(
    tmp_path: Path, header: str, row: str, expected: list[str]
) -> None:
    (tmp_path / "log.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    text = draft("log", tmp_path, look(tmp_path, [tmp_path / "log.csv"]))
    assert [line for line in expected if f" {line}\n" not in text] == []


def test_a_name_that_yaml_would_read_as_something_else_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("client no,event name,event\n1,2,view\n".replace(",", "\t"))
    (tmp_path / "log.csv").rename(tmp_path / "log.tsv")
    text = draft("yes", tmp_path, look(tmp_path, [tmp_path / "log.tsv"]))
    assert yaml.safe_load(text.replace("TODO", "x"))["inputs"]["log"]["format"]["delimiter"] == "\t"
    assert yaml.safe_load(text.replace("TODO", "x"))["title"] == "yes"


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("2026-03-01.csv", "{date}.csv"),
        ("dt=2026-03-01/part-0.csv", "dt={date}/part-0.csv"),
        ("log_20260301.csv", "log_{date:%Y%m%d}.csv"),
        ("2026/03/01/log.csv", "{date:%Y/%m/%d}/log.csv"),
        ("order_12345678.csv", "order_12345678.csv"),
        ("all.csv", "all.csv"),
    ],
)
def test_the_day_in_a_path_is_recognised_in_its_usual_forms(tmp_path: Path, file: str, path: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text("user_id\n1\n")
    assert [sample.path for sample in look(tmp_path, [tmp_path / file])] == [path]


def test_files_that_differ_by_numbers_only_are_one_input_and_every_input_has_its_own_name(
    tmp_path: Path,
) -> None:
    part = "part-0000{}-0f8fad5b-d9cb-469f-a165-7086772895{}.csv"
    for file in (
        *(f"log/dt=2026-03-0{day}/{part.format(n, n)}" for day in (1, 2) for n in (10, 11)),
        "dt=2026-03-01/users.csv", "dt=2026-03-02/users.csv", "log/all.csv", "log/_SUCCESS", "log/.part.csv.crc",
    ):  # fmt: skip
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("user_id\n1\n")
    found = look(tmp_path, (path for path in tmp_path.rglob("*") if path.is_file()))
    assert {sample.name: sample.path for sample in found} == {
        "users": "dt={date}/users.csv",
        "log": "log/all.csv",
        "log_2": "log/dt={date}/part-*-*.csv",
    }


def test_a_file_of_no_known_form_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    with pytest.raises(ConfigError, match="neither csv, json lines nor parquet"):
        look(tmp_path, [tmp_path / "a.xlsx"])


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["2026-03-01T10:00:00Z"], "iso"),
        (["1767225600"], "epoch_s"),
        (["1767225600000"], "epoch_ms"),
        (["01/03/2026"], None),
        (["2026-03-01", "soon"], None),
        ([], None),
    ],
)
def test_a_time_form_is_guessed_only_where_every_value_has_it(values: list[str], form: str | None) -> None:
    assert time_form(values) == form
