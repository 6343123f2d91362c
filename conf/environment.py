"""Settings from the environment: ACTIVELAKE_NAME, and ACTIVELAKE_BLOCK_NAME for what stands in a block."""

from __future__ import annotations

import json
import os
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource

from conf.errors import ConfigError

PREFIX = "ACTIVELAKE_"
NO_SETTINGS = frozenset({"profile", "conf_dir", "sources", "members"})
"""Fields that neither a settings file nor a variable sets: which folder and profile were chosen, and what has files of its own."""


class Environment(EnvSettingsSource):
    """The settings that variables give; those of a block are laid over the block of the files key by key."""

    def __call__(self) -> dict[str, Any]:
        """Nested values by field."""
        return {name: value for name, value in super().__call__().items() if name not in NO_SETTINGS}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """A block, list or table of names from JSON.

        Raises:
            ConfigError: it is no JSON, or holds no texts where texts are needed; names the variable.
        """
        variables = (
            name for name, text in self.env_vars.items() if text == value and name.endswith(field_name)
        )
        variable = next(variables, field_name).upper()
        try:
            decoded = super().decode_complex_value(field_name, field, value)
        except json.JSONDecodeError as error:
            raise ConfigError(f"{variable}: no JSON: {error}") from error
        if field.annotation == dict[str, str] and not _holds_texts(decoded):
            example = '{"spark.executor.memory": "2g"}'
            raise ConfigError(f"{variable}: must be a JSON object of texts, such as {example}")
        return decoded


def _holds_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def variable_of(location: tuple[int | str, ...]) -> str | None:
    """The variable that gives a field, by the field's path; None where none does."""
    names = (PREFIX + "_".join(map(str, location[:depth])).upper() for depth in (2, 1))
    return next((name for name in names if os.environ.get(name)), None)
