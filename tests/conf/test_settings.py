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
    ],
)
def test_an_error_names_file_line_field_and_rule(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    with pytest.raises(ConfigError, match=message):
        load(tmp_path)
