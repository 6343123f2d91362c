"""The settings of one deployment: the only reader of the environment.

`load(conf_dir)` lays a folder over the shipped one. Settings key by key: base.yml, the shipped <profile>.yml, the
folder's settings.yml, the folder's <profile>.yml, the environment, the later the stronger. ACTIVELAKE_BUSINESS_ZONE
is the setting business_zone, ACTIVELAKE_SPARK_DRIVER_MEMORY is spark.driver_memory; blocks and lists are JSON. sources/
and members/ file by file, except that a folder with its own sources/ starts without the shipped sources and members.
"""

from __future__ import annotations

import hashlib
import os
import re
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, InitSettingsSource, SettingsConfigDict

from conf.environment import NO_SETTINGS, PREFIX, Environment, variable_of
from conf.errors import ConfigError
from conf.mapping import Mapping, Strict
from conf.members import Members
from conf.operation import HookSettings, RetentionSettings, ScheduleSettings
from conf.reading import check_nothing_is_open, explain, location_in_file, parse, read_yaml
from conf.scopes import MEMBER_TYPES
from conf.spark import SparkSettings

SHIPPED = Path(__file__).resolve().parent
DEFAULT_PROFILE = "dev"
MAX_LATENESS_DAYS = 60
"""The longest lateness that a deployment may allow."""


class QualitySettings(Strict):
    """Limits of the quality gates."""

    min_non_null_share: float = Field(
        0.99, gt=0, le=1, description="least share of complete rows in which a metric has a value"
    )


class Settings(BaseSettings):
    """Everything that a run may depend on besides the data; made by `load` alone."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        ignored_types=(cached_property,),
        env_prefix=PREFIX,
        env_ignore_empty=True,
        env_nested_delimiter="_",
        env_nested_max_split=1,
    )

    business_zone: str = Field("Asia/Shanghai", description="IANA zone in which days begin")
    allowed_lateness_days: int = Field(
        3, ge=0, le=MAX_LATENESS_DAYS, description="how long a day takes events after its end"
    )
    duplicates_within_days: int = Field(
        35,
        ge=1,
        description="landing days in which a key that comes again is the same fact; later on it is a new one",
    )
    history_start: date | None = Field(
        None,
        description="first day that is counted; default the first arrival day, of whole histories the first event",
    )
    clock_skew_minutes: int = Field(5, ge=0, description="how far an event may lie after its own arrival")
    quality: QualitySettings = Field(QualitySettings(), description="limits of the gates")
    spark: SparkSettings = Field(SparkSettings(), description="where Spark runs and how big")
    schedule: ScheduleSettings = Field(ScheduleSettings(), description="limits of the scheduled runs")
    special_days: dict[date, str] = Field(
        default_factory=dict,
        description="date → name of a holiday or sale; in `reports.dim_date`, changes no number",
    )
    hook: HookSettings = Field(HookSettings(), description="who is told of failures and late data")
    retention: RetentionSettings = Field(RetentionSettings(), description="how long things are kept")
    data_docs: str | None = Field(
        None,
        description="folder of the pages of quality results; default `ops/data_docs` of a lake in a local folder",
    )
    profile: str
    lake: str = Field(description="folder or URI of all tables; `--lake` and `ACTIVELAKE_LAKE` are stronger")
    conf_dir: Path
    sources: dict[str, Mapping]
    members: dict[str, Members]

    @field_validator("business_zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is no IANA time zone")
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The business zone."""
        return ZoneInfo(self.business_zone)

    @property
    def data_docs_folder(self) -> Path | None:
        """Folder of the pages of quality results; None where the lake is no local folder and none is set."""
        if self.data_docs is not None:
            return Path(self.data_docs)
        return None if "://" in self.lake else Path(self.lake) / "ops" / "data_docs"

    def root_of(self, source: str) -> Path:
        """Folder of a source's files.

        Raises:
            ConfigError: an environment variable in `root` is not set, or `root` is a URI.
        """
        where = location_in_file(self.mapping_file(source), ("root",))
        root = with_environment(self.sources[source].root, where)
        if "://" in root:
            raise ConfigError(
                f"{where}: {root}: landed files must lie in a folder, which this machine and all executors see "
                "under one path; a URI cannot be read"
            )
        return (self.conf_dir / root).resolve()

    def mapping_file(self, source: str) -> Path:
        """The file of a source's mapping."""
        return _sources_folder(self.conf_dir) / f"{source}.yml"

    @cached_property
    def hash(self) -> str:
        """Identity of the configuration, for ops.publication; what no number depends on does not take part."""
        names = ("lake", "conf_dir", "spark", "profile", "hook", "retention", "schedule", "data_docs")
        of_input = {"stable_seconds": True, "manifest": True}
        beside = dict.fromkeys(names, True) | {"sources": {"__all__": {"inputs": {"__all__": of_input}}}}
        text = self.model_dump_json(exclude=beside)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def with_environment(text: str, where: str) -> str:
    """A text with every ${VARIABLE} filled in.

    Raises:
        ConfigError: a variable is not set; names it and the place of the text.
    """

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in os.environ:
            raise ConfigError(f"{where}: the environment variable {name} is not set")
        return os.environ[name]

    return re.sub(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", value, text)


def load(conf_dir: Path | None = None, lake: str | None = None, profile: str | None = None) -> Settings:
    """The settings of a deployment.

    Args:
        conf_dir: folder laid over the shipped one; default ACTIVELAKE_CONF, then none.
        lake: root of all tables; default ACTIVELAKE_LAKE, then the setting `lake`.
        profile: name of a <profile>.yml; default ACTIVELAKE_PROFILE, then dev.

    Raises:
        ConfigError: names file, line, field and rule.
    """
    overlay = conf_dir or _environment_path("ACTIVELAKE_CONF")
    if overlay is not None and not overlay.is_dir():
        raise ConfigError(f"{overlay}: no such folder (--conf)")
    if overlay is not None:
        check_nothing_is_open(sorted([*overlay.glob("*.yml"), *overlay.glob("*/*.yml")]))
    name = profile or os.environ.get("ACTIVELAKE_PROFILE") or DEFAULT_PROFILE
    layers = _layers(overlay, name)
    arguments = {
        "profile": name,
        "conf_dir": overlay or SHIPPED,
        "sources": {p.stem: parse(Mapping, p) for p in sorted(_sources_folder(overlay).glob("*.yml"))},
        "members": {scope.name: _members(overlay, scope.members_file) for scope in MEMBER_TYPES},
    } | ({"lake": lake} if lake else {})
    strongest_first = (
        InitSettingsSource(Settings, arguments),
        Environment(Settings),
        *(InitSettingsSource(Settings, _layer(path)) for path in reversed(layers)),
    )
    try:
        return Settings(_build_sources=(strongest_first, {}))
    except ValidationError as error:
        if any(fault["loc"] == ("lake",) and fault["type"] == "missing" for fault in error.errors()):
            raise ConfigError(
                f"{layers[-1]}: lake: give it there, as --lake or as ACTIVELAKE_LAKE"
            ) from error
        raise ConfigError(explain(error, layers, variable_of)) from error


def _layers(overlay: Path | None, profile: str) -> list[Path]:
    """The settings files that exist, the weakest first."""
    folders = [SHIPPED] if overlay is None else [SHIPPED, overlay]
    profiles = [folder / f"{profile}.yml" for folder in folders]
    if profile in ("base", "settings") or not any(path.exists() for path in profiles):
        raise ConfigError(f"{profiles[-1]}: no such file (--profile {profile})")
    common = [SHIPPED / "base.yml", *(folder / "settings.yml" for folder in folders[1:])]
    every = [path for pair in zip(common, profiles, strict=True) for path in pair]
    return [path for path in every if path.exists()]


def _layer(path: Path) -> dict[str, Any]:
    """The settings in one file; a lake that is no URI is a folder, and a relative one lies beside the file."""
    values = read_yaml(path)
    if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
        raise ConfigError(f"{path}: must hold settings by name, such as business_zone: UTC")
    for name in NO_SETTINGS & values.keys():
        raise ConfigError(f"{location_in_file(path, (name,))}: is no setting")
    lake = values.get("lake")
    if isinstance(lake, str) and "://" not in lake:
        values["lake"] = str(path.parent / os.path.expanduser(lake))
    return values


def _environment_path(name: str) -> Path | None:
    return Path(os.environ[name]) if os.environ.get(name) else None


def _sources_folder(conf_dir: Path | None) -> Path:
    folder = (conf_dir or SHIPPED) / "sources"
    return folder if folder.is_dir() else SHIPPED / "sources"


def _members(overlay: Path | None, name: str) -> Members:
    with_sources = overlay is not None and (overlay / "sources").is_dir()
    folders = [*([overlay] if overlay is not None else []), *([] if with_sources else [SHIPPED])]
    paths = [folder / "members" / f"{name}.yml" for folder in folders]
    return next((parse(Members, path) for path in paths if path.exists()), Members())
