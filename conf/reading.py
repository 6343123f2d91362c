"""The only reader of YAML files, and the words for what is wrong in one: file, line, field, rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from conf.errors import ConfigError

T = TypeVar("T", bound=BaseModel)


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


def _place(path: Path, location: tuple[int | str, ...]) -> tuple[int, int]:
    """How many parts of a field's path stand in the file, and the line of the deepest."""
    node = yaml.compose(path.read_text(encoding="utf-8"))
    line = 1
    for depth, part in enumerate(location):
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if str(key.value) == str(part)]
            if not found:
                return depth, line
            line, node = found[0][0].start_mark.line + 1, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            return depth, line
    return len(location), line


def parse(model: type[T], path: Path) -> T:
    """The content of a YAML file as a model.

    Raises:
        ConfigError: names file, line, field and rule.
    """
    try:
        return model.model_validate(read_yaml(path))
    except ValidationError as error:
        raise ConfigError(explain(error, [path])) from error


def explain(error: ValidationError, layers: list[Path]) -> str:
    """A line per fault, at the strongest of the files in which the field stands."""
    faults = []
    for fault in error.errors():
        path = max(reversed(layers), key=lambda layer: _place(layer, fault["loc"])[0])
        field = ".".join(str(part) for part in fault["loc"])
        faults.append(f"{path}, line {_place(path, fault['loc'])[1]}: {field or 'file'}: {fault['msg']}")
    return "\n".join(faults)
