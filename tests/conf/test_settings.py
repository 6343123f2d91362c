"""Settings: folders laid over each other, and errors that name file, line, field and rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from conf.errors import ConfigError
from conf.settings import load


def test_the_shipped_deployment_is_the_demo_shop() -> None:
    settings = load()
    assert list(settings.sources) == ["demo"]
    assert [len(settings.members[kind].members) for kind in ("scene", "tool", "service")] == [13, 10, 6]


def test_an_own_sources_folder_starts_without_the_demo(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "settings.yml").write_text("business_zone: Europe/London\nspark: {driver_memory: 1g}\n")
    settings = load(tmp_path)
    assert settings.sources == {}
    assert settings.members["scene"].members == ()
    assert (settings.business_zone, settings.spark.driver_memory, settings.allowed_lateness_days) == (
        "Europe/London",
        "1g",
        3,
    )


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "settings.yml",
            "# zone\nbusiness_zone: Mars/Base\n",
            "settings.yml, line 2: business_zone: .*no IANA time zone",
        ),
        ("settings.yml", "a: 1\na: 2\n", "settings.yml, line 2: key 'a' is given twice"),
        ("settings.yml", "colour: red\n", "settings.yml, line 1: colour: Extra inputs are not permitted"),
        (
            "members/scenes.yml",
            "members:\n  - {code: all}\n",
            "scenes.yml, line 2: members.0.code: .*reserved",
        ),
        (
            "settings.yml",
            "spark:\n  extra:\n    spark.sql.files.ignoreCorruptFiles: 'true'\n",
            "settings.yml, line 2: spark.extra: spark.sql.files.ignoreCorruptFiles: refused, it loses records",
        ),
        (
            "settings.yml",
            "spark:\n  mode: DROPMALFORMED\n",
            "line 2: spark.mode: Extra inputs are not permitted",
        ),
        ("settings.yml", "a: [1\n", "settings.yml, line 2: expected"),
    ],
)
def test_an_error_names_file_line_field_and_rule(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    with pytest.raises(ConfigError, match=message):
        load(tmp_path)


def layers(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text)
    return folder


def test_the_profile_lies_between_the_base_and_the_folder_and_its_own_profile_is_the_strongest(
    tmp_path: Path,
) -> None:
    folder = layers(
        tmp_path, settings="spark: {driver_memory: 3g}\nlake: /a", prod="retention: {ops_days: 5}\nlake: /b"
    )
    dev, prod = load(folder), load(folder, profile="prod")
    assert (dev.profile, dev.lake, dev.spark.driver_memory, dev.retention.ops_days) == (
        "dev",
        "/a",
        "3g",
        None,
    )
    assert (prod.lake, prod.spark.driver_memory, prod.spark.shuffle_partitions) == ("/b", "3g", 64)
    assert (prod.retention.ops_days, prod.retention.raw_days) == (5, 730)


def test_a_folder_may_bring_a_profile_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = layers(tmp_path, staging="lake: s3://bucket/lake")
    monkeypatch.setenv("ACTIVELAKE_PROFILE", "staging")
    assert load(folder).lake == "s3://bucket/lake"


@pytest.mark.parametrize("name", ["nowhere", "base", "settings"])
def test_a_profile_without_a_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=f"{name}.yml: no such file"):
        load(tmp_path, profile=name)


def test_prod_must_be_told_where_the_lake_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACTIVELAKE_LAKE", raising=False)
    with pytest.raises(ConfigError, match="prod.yml: lake: give it there"):
        load(profile="prod")
    assert load(profile="prod", lake="/x").lake == "/x"


def test_no_number_depends_on_profile_hook_or_retention(tmp_path: Path) -> None:
    told = load(layers(tmp_path, settings="hook: {command: [cat]}\nretention: {raw_days: 9}"), lake="/x")
    assert load(lake="/x").hash == load(profile="prod", lake="/x").hash == told.hash


def test_the_error_names_the_strongest_file_in_which_the_field_stands(tmp_path: Path) -> None:
    folder = layers(tmp_path, settings="# a\nretention: {vacuum_days: 3}", dev="business_zone: UTC")
    with pytest.raises(
        ConfigError, match="settings.yml, line 2: retention.vacuum_days: .*greater than or equal to 7"
    ):
        load(folder)


def test_a_variable_is_stronger_than_every_file_and_an_argument_is_stronger_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = layers(
        tmp_path,
        settings="business_zone: UTC\nlake: /a\nretention: {raw_days: 9, ops_days: 8}\ndata_docs: /d",
    )
    monkeypatch.setenv("ACTIVELAKE_BUSINESS_ZONE", "Europe/London")
    monkeypatch.setenv("ACTIVELAKE_RETENTION_OPS_DAYS", "7")
    monkeypatch.setenv("ACTIVELAKE_HOOK_COMMAND", '["cat", "-"]')
    monkeypatch.setenv("ACTIVELAKE_DATA_DOCS", "")
    monkeypatch.setenv("ACTIVELAKE_LAKE", "/b")
    settings = load(folder)
    assert (settings.business_zone, settings.retention.raw_days, settings.retention.ops_days) == (
        "Europe/London",
        9,
        7,
    )
    assert (settings.hook.command, settings.data_docs, settings.lake) == (("cat", "-"), "/d", "/b")
    assert load(folder, lake="/c").lake == "/c"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("BUSINESS_ZONE", "Mars/Base", "ACTIVELAKE_BUSINESS_ZONE: 'Mars/Base' is no IANA time zone"),
        ("RETENTION_OPS_DAYS", "0", "ACTIVELAKE_RETENTION_OPS_DAYS: .*greater than or equal to 1"),
        ("RETENTION_OPS_DAY", "1", "ACTIVELAKE_RETENTION_OPS_DAY: Extra inputs are not permitted"),
        ("HOOK_COMMAND", "cat -", "ACTIVELAKE_HOOK_COMMAND: no JSON: "),
        ("QUALITY", '{"min_non_null_share": 2}', "ACTIVELAKE_QUALITY: .*less than or equal to 1"),
    ],
)
def test_an_error_names_the_variable_that_gives_the_field(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(f"ACTIVELAKE_{name}", value)
    with pytest.raises(ConfigError, match=f"^{message}"):
        load(lake="/x")


def test_what_has_files_of_its_own_is_no_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACTIVELAKE_SOURCES", '{"other": {}}')
    assert list(load(lake="/x").sources) == ["demo"]
    with pytest.raises(ConfigError, match="settings.yml, line 2: sources: is no setting"):
        load(layers(tmp_path, settings="# a\nsources: {other: {}}"))


@pytest.mark.parametrize("text", ["- business_zone: UTC", "2026-03-01: a day"])
def test_a_file_that_holds_no_settings_by_name_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="settings.yml: must hold settings by name"):
        load(layers(tmp_path, settings=text))


def test_a_relative_lake_lies_beside_the_file_that_names_it(tmp_path: Path) -> None:
    assert load(layers(tmp_path, settings="lake: tables")).lake == str(tmp_path / "tables")


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    text = "hook: {webhook: 'https://chat.example/t0ken'}\nspark: {extra: {spark.hadoop.fs.s3a.secret.key: k3y, a: b}}"
    settings = load(layers(tmp_path, settings=text))
    assert settings.spark.extra["spark.hadoop.fs.s3a.secret.key"] == "k3y"
    shown = settings.model_dump_json()
    assert "t0ken" not in shown and "k3y" not in shown and '"a":"b"' in shown


def test_what_was_left_open_is_listed_with_file_and_line_and_comments_are_not(tmp_path: Path) -> None:
    (tmp_path / "settings.yml").write_text("# TODO ask\nbusiness_zone: TODO  # a zone\n")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.yml").write_text(
        "title: a\nzone: UTC # no TODO\ninputs: {x: 'TODO'}\nroot: TODOS\n"
    )
    with pytest.raises(ConfigError) as error:
        load(tmp_path)
    assert str(error.value).splitlines() == [
        f"{tmp_path}/settings.yml, line 2: business_zone: TODO  # a zone: has to be filled in",
        f"{tmp_path}/sources/a.yml, line 3: inputs: {{x: 'TODO'}}: has to be filled in",
    ]
