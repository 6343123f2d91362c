"""The settings of one deployment: the only reader of YAML files and of the environment.

`load(conf_dir)` lays a folder over the shipped one: settings.yml over base.yml key by key; sources/ and
members/ file by file, except that a folder with its own sources/ starts without the shipped sources and members.
"""

from __future__ import annotations

import hashlib
import os
import re
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, available_timezones

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from conf.errors import ConfigError
from conf.mapping import Mapping, Strict
from conf.members import SCOPE_TYPES, Members

T = TypeVar("T", bound=BaseModel)
SHIPPED = Path(__file__).resolve().parent


class SparkSettings(Strict):
    """Where Spark runs and how much memory it gets."""

    master: str = "local[*]"
    driver_memory: str = "4g"
    shuffle_partitions: int = Field(4, ge=1)
    extra: dict[str, str] = Field(default_factory=dict)


class QualitySettings(Strict):
    """Limits of the quality gates."""

    min_non_null_share: float = Field(0.99, gt=0, le=1)


class Settings(BaseModel):
    """Everything that a run may depend on besides the data."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    business_zone: str = "Asia/Shanghai"
    allowed_lateness_days: int = Field(3, ge=0, le=60)
    history_start: date | None = None
    clock_skew_minutes: int = Field(5, ge=0)
    quality: QualitySettings = QualitySettings()
    spark: SparkSettings = SparkSettings()
    special_days: dict[date, str] = Field(default_factory=dict)
    lake: str
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

    def root_of(self, source: str) -> Path:
        """Folder of a source's files.

        Raises:
            ConfigError: an environment variable in `root` is not set.
        """
        return Path(_expand(self.sources[source].root, f"sources/{source}.yml: root", self.conf_dir))

    @cached_property
    def hash(self) -> str:
        """Identity of the configuration, for ops.publication; names of folders do not take part."""
        text = self.model_dump_json(exclude={"lake", "conf_dir", "spark"})
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _expand(text: str, where: str, base: Path) -> str:
    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in os.environ:
            raise ConfigError(f"{where}: the environment variable {name} is not set")
        return os.environ[name]

    expanded = re.sub(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", value, text)
    return str((base / expanded).resolve())


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; a key given twice is an error.

    Raises:
        ConfigError: names the file and line of what is wrong.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_NoDuplicates) or {}
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ConfigError(f"{path}{line}: {error.problem}") from error
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error


class _NoDuplicates(yaml.SafeLoader):
    """A YAML loader that refuses a key given twice in one block."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        own = [key for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        keys = [self.construct_object(key, deep=True) for key in own]
        for index, key in enumerate(keys):
            if key in keys[:index]:
                mark = own[index].start_mark
                raise yaml.MarkedYAMLError(problem=f"key {key!r} is given twice", problem_mark=mark)
        return super().construct_mapping(node, deep)


def _line_of(path: Path, location: tuple[int | str, ...]) -> int:
    """Line of the deepest part of a field's path that stands in the file."""
    node = yaml.compose(path.read_text(encoding="utf-8"))
    line = 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if str(key.value) == str(part)]
            if not found:
                break
            line, node = found[0][0].start_mark.line + 1, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def _parse(model: type[T], path: Path) -> T:
    try:
        return model.model_validate(read_yaml(path))
    except ValidationError as error:
        raise ConfigError(_explain(error, path)) from error


def _explain(error: ValidationError, path: Path) -> str:
    faults = []
    for fault in error.errors():
        field = ".".join(str(part) for part in fault["loc"])
        faults.append(f"{path}, line {_line_of(path, fault['loc'])}: {field or 'file'}: {fault['msg']}")
    return "\n".join(faults)


def load(conf_dir: Path | None = None, lake: str | None = None) -> Settings:
    """The settings of a deployment.

    Args:
        conf_dir: folder laid over the shipped one; default ACTIVELAKE_CONF, then none.
        lake: root of all tables; default ACTIVELAKE_LAKE, then `lake` in the user's data folder.

    Raises:
        ConfigError: names file, line, field and rule.
    """
    overlay = conf_dir or _environment_path("ACTIVELAKE_CONF")
    if overlay is not None and not overlay.is_dir():
        raise ConfigError(f"{overlay}: no such folder (--conf)")
    values = read_yaml(SHIPPED / "base.yml")
    path = SHIPPED / "base.yml"
    if overlay is not None and (overlay / "settings.yml").exists():
        path = overlay / "settings.yml"
        values = _merge(values, read_yaml(path))
    values |= {
        "lake": lake or os.environ.get("ACTIVELAKE_LAKE") or str(Path.home() / "activelake"),
        "conf_dir": overlay or SHIPPED,
        "sources": {p.stem: _parse(Mapping, p) for p in _sources(overlay)},
        "members": {scope: _members(overlay, name) for scope, name in SCOPE_TYPES.items()},
    }
    values["spark"] = _merge(values["spark"], _spark_environment())
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_explain(error, path)) from error


def _environment_path(name: str) -> Path | None:
    return Path(os.environ[name]) if os.environ.get(name) else None


def _spark_environment() -> dict[str, str]:
    names = {"master": "ACTIVELAKE_SPARK_MASTER", "driver_memory": "ACTIVELAKE_SPARK_DRIVER_MEMORY"}
    return {field: os.environ[name] for field, name in names.items() if os.environ.get(name)}


def _sources(overlay: Path | None) -> list[Path]:
    own = overlay is not None and (overlay / "sources").is_dir()
    folder = overlay if own and overlay is not None else SHIPPED
    return sorted((folder / "sources").glob("*.yml"))


def _members(overlay: Path | None, name: str) -> Members:
    own = overlay / "members" / f"{name}.yml" if overlay is not None else None
    if own is not None and own.exists():
        return _parse(Members, own)
    if overlay is not None and (overlay / "sources").is_dir():
        return Members()
    shipped = SHIPPED / "members" / f"{name}.yml"
    return _parse(Members, shipped) if shipped.exists() else Members()


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if both else value
    return merged
