"""The only reader of YAML files. Every error names the file, the line, the field and the rule that it breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from conf.errors import ConfigError

T = TypeVar("T", bound=BaseModel)
OPEN = "TODO"
"""The word that `activelake init` writes where a person has to decide."""
_OPEN = re.compile(rf"\b{OPEN}\b")


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; a key that stands twice in one block is an error.

    Raises:
        ConfigError: names the file and line of what is wrong.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_NoDuplicates) or {}
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ConfigError(f"{path}{line}: {error.problem}") from error
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"{path}: {error}") from error


class _NoDuplicates(yaml.SafeLoader):
    """A YAML loader that refuses a block in which a key stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        key_nodes = [key for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        keys = [self.construct_object(key, deep=True) for key in key_nodes]
        for index, key in enumerate(keys):
            if key in keys[:index]:
                mark = key_nodes[index].start_mark
                raise yaml.MarkedYAMLError(problem=f"key {key!r} is given twice", problem_mark=mark)
        return super().construct_mapping(node, deep)


def location_in_file(path: Path, location: tuple[int | str, ...]) -> str:
    """Where a field stands, as `file, line N: field`; a missing field gets the line of its nearest existing parent."""
    field = ".".join(str(part) for part in location)
    return f"{path}, line {_deepest_part(path, location)[1]}: {field or 'file'}"


def _deepest_part(path: Path, location: tuple[int | str, ...]) -> tuple[int, int]:
    """(number of leading parts of a field's path that exist in the file, line of the last of them)."""
    node = yaml.compose(path.read_text(encoding="utf-8"))
    line = 1
    for depth, part in enumerate(location):
        if isinstance(node, yaml.MappingNode):
            entry = next(_entries(node, str(part)), None)
            if entry is None:
                return depth, line
            line, node = entry[0].start_mark.line + 1, entry[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            return depth, line
    return len(location), line


def _entries(node: yaml.MappingNode, name: str) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """(key, value) of every entry of this name: entries of the block itself before those that it merges (`<<`)."""
    yield from ((key, value) for key, value in node.value if str(key.value) == name)
    for key, value in node.value:
        if key.tag == "tag:yaml.org,2002:merge" and isinstance(value, yaml.MappingNode):
            yield from _entries(value, name)


def parse(model: type[T], path: Path) -> T:
    """Read a YAML file and validate it as a model.

    Raises:
        ConfigError: names file, line, field and rule.
    """
    try:
        return model.model_validate(read_yaml(path))
    except ValidationError as error:
        raise ConfigError(explain(error, [path])) from error


def explain(error: ValidationError, layers: list[Path]) -> str:
    """The faults as text, one line each.

    Args:
        layers: the files that were merged, the last one overriding the others; a fault is reported in the last file
            that sets the field.
    """
    faults = []
    for fault in error.errors():
        path = max(reversed(layers), key=lambda layer: _deepest_part(layer, fault["loc"])[0])
        faults.append(f"{location_in_file(path, fault['loc'])}: {fault['msg'].removeprefix('Value error, ')}")
    return "\n".join(faults)


def check_nothing_is_open(paths: Iterable[Path]) -> None:
    """Refuse files in which a `TODO` of `activelake init` still has to be filled in; comments may hold the word.

    Raises:
        ConfigError: names file and line of each `TODO`.
    """
    faults = [
        f"{path}, line {number}: {line.strip()}: has to be filled in"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _OPEN.search(re.sub(r"(^|\s)#.*", "", line))
    ]
    if faults:
        raise ConfigError("\n".join(faults))
