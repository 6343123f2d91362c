"""The reference of every key that a deployment may write: from the models, each with an example from the page itself.

An example is the first value that a YAML block of the page gives the key, so what the page shows is what the models load.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, SecretStr, TypeAdapter
from pydantic.fields import FieldInfo

from conf.mapping import Mapping
from conf.members import Members
from conf.settings import Settings
from jobs.dev.docs.markdown import blocks, grid, link
from schemas.contract import DeclarationError

Model = type[BaseModel]
Examples = dict[tuple[Model, str], Any]
NOT_WRITTEN = frozenset({"profile", "conf_dir", "sources", "members"})
"""Fields of Settings that no settings file gives: they are what the command line and the other files say."""
_ROOTS: dict[Model, str] = {
    Mapping: "sources/NAME.yml",
    Members: "members/NAME.yml",
    Settings: "settings.yml",
}
_WORDS = {
    bool: "`true`, `false`", int: "whole number", float: "number", str: "text", SecretStr: "text", date: "date",
}  # fmt: skip


def key_lines(root: Model, page: str) -> list[str]:
    """A section per model that can be reached from `root`: its keys, their values, defaults, meanings and examples.

    Raises:
        DeclarationError: a key has no description, or no block of the page shows it.
    """
    examples, paths = examples_of(page), model_paths(root)
    lines = []
    for model, path in paths.items():
        rows = (_row(model, name, field, paths, examples) for name, field in written_keys(model).items())
        text = " ".join((model.__doc__ or "").split("\n\n")[0].split())
        lines += [
            f"### `{path}`",
            "",
            text,
            "",
            *grid(("key", "value", "default", "meaning", "example"), rows),
        ]
    return lines


def model_paths(root: Model) -> dict[Model, str]:
    """The models below a file's model → where their keys stand in the file, `NAME` for what the file names itself."""
    paths: dict[Model, str] = {root: _ROOTS[root]}
    queue = [(root, "")]
    for model, above in queue:
        for name, field in written_keys(model).items():
            for inner in _models_in(field.annotation):
                path = f"{above}{name}{_inside(field)}"
                if inner not in paths:
                    paths[inner] = path
                    queue.append((inner, f"{path}."))
    return paths


def written_keys(model: Model) -> dict[str, FieldInfo]:
    """The keys of a model as a file spells them, with their fields."""
    skipped = NOT_WRITTEN if model is Settings else frozenset()
    return {field.alias or name: field for name, field in model.model_fields.items() if name not in skipped}


def examples_of(page: str) -> Examples:
    """The first value that the YAML blocks of a page give each key, by model and key.

    Raises:
        ValidationError: a block is not what the models load.
    """
    examples: Examples = {}
    for value in block_values(page):
        for key, example in _values_by_key(value):
            examples.setdefault(key, example)
    return examples


def block_values(page: str) -> Iterator[BaseModel | tuple[Model, dict[str, Any]]]:
    """Each YAML block as what a deployment would load; settings as their model and the keys that the block gives.

    A mapping that names no `title` goes on with the first one of the page, over which it is laid.
    """
    mapping: dict[str, Any] = {}
    for block in map(yaml.safe_load, blocks(page, "yaml")):
        if "feeds" in block:
            block = mapping | block | {"inputs": mapping.get("inputs", {}) | block.get("inputs", {})}
            mapping = mapping or block
            yield Mapping.model_validate(block)
        elif "members" in block:
            yield Members.model_validate(block)
        else:
            yield Settings, {key: _setting(key, value) for key, value in block.items()}


def _setting(key: str, value: Any) -> Any:
    annotation: Any = Settings.model_fields[key].annotation
    return TypeAdapter(annotation).validate_python(value)


def _values_by_key(value: Any) -> Iterator[tuple[tuple[Model, str], Any]]:
    """Model and key of every value that a block sets, with the value."""
    if isinstance(value, BaseModel):
        names = {name: field.alias or name for name, field in type(value).model_fields.items()}
        value = (
            type(value),
            {names[name]: getattr(value, name) for name in names if name in value.model_fields_set},
        )
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict):
        for key, inner in value[1].items():
            yield (value[0], key), inner
            yield from _values_by_key(inner)
    elif isinstance(value, dict | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _values_by_key(inner)


def _row(
    model: Model, key: str, field: FieldInfo, paths: dict[Model, str], examples: Examples
) -> tuple[str, str, str, str, str]:
    where = f"{model.__name__}.{key}"
    if not field.description:
        raise DeclarationError(f"{where}: the field has no description")
    if (model, key) not in examples:
        raise DeclarationError(f"{where}: no YAML block of the page shows it")
    inner = next(_models_in(field.annotation), None)
    if inner is not None:
        return (
            f"`{key}`",
            _values(field.annotation, field.metadata, paths),
            _default(field, inner),
            field.description,
            "",
        )
    example = f"`{_flow({key: _plain(examples[model, key])})}`"
    return (
        f"`{key}`",
        _values(field.annotation, field.metadata, paths),
        _default(field, None),
        field.description,
        example,
    )


def _default(field: FieldInfo, inner: Model | None) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    return "" if value is None or inner is not None or value in ((), {}) else f"`{_flow(value)}`"


def _flow(value: Any) -> str:
    """A value as YAML on one line, a mapping without its braces."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False)
    text = text.removesuffix("\n...\n").strip()
    return text[1:-1] if isinstance(value, dict) else text


def _plain(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return list(value) if isinstance(value, tuple) else value


def _values(annotation: Any, metadata: list[Any], paths: dict[Model, str]) -> str:
    """What a key may hold, in words."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _values(inside[0], metadata, paths)
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in inside)
    if origin in (Union, types.UnionType):
        return " or ".join(_values(part, metadata, paths) for part in inside if part is not type(None))
    if origin is tuple:
        return f"list of {_values(inside[0], [], paths)}"
    if origin is dict:
        return " → ".join(_values(part, [], paths) for part in inside)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return link(paths[annotation])
    limits = {
        name: getattr(limit, name)
        for limit in metadata
        for name in ("ge", "gt", "le")
        if hasattr(limit, name)
    }
    least = f"{limits['ge']} or more" if "ge" in limits else f"above {limits['gt']}" if "gt" in limits else ""
    most = f"at most {limits['le']}" if "le" in limits else ""
    return ", ".join(filter(None, (_WORDS[annotation], least, most)))


def _inside(field: FieldInfo) -> str:
    """What leads from a key to its models: a name, a number in a list, or nothing where the value is the model itself."""
    origins = {get_origin(part) for part in _parts(field.annotation)}
    return ".NAME" if dict in origins else ".N" if tuple in origins else ""


def _models_in(annotation: Any) -> Iterator[Model]:
    yield from (part for part in _parts(annotation) if isinstance(part, type) and issubclass(part, BaseModel))


def _parts(annotation: Any) -> Iterator[Any]:
    """An annotation and everything inside it."""
    yield annotation
    if get_origin(annotation) is not Literal:
        for inner in get_args(annotation):
            yield from _parts(inner)
