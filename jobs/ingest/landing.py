"""Which files have landed, and which of them are new. Needs no Spark."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from conf.errors import ConfigError, ContractError
from conf.mapping import Input
from conf.settings import Settings

_UNFINISHED = (".tmp", ".crc")


@dataclass(frozen=True)
class LandedFile:
    """One file of an input.

    Attributes:
        input: mapping and input as `mapping.input`.
        file: path below the source's root, with `/`.
        path: where it can be read.
        landing_date: `{date}` of its path; `complete_through` for a history delivered whole.
        bytes: size on disk.
        content_hash: SHA-256 of the file as it lies on disk; empty until `pending` has read it.
        same_as: file of the same input that was ingested with the same content, if any.
    """

    input: str
    file: str
    path: str
    landing_date: date
    bytes: int
    content_hash: str = ""
    same_as: str | None = None


def landed(settings: Settings) -> list[LandedFile]:
    """The files of every input, by input, landing date and name.

    Raises:
        ConfigError: a root does not exist, or a path has no `{date}` although its calendar needs days.
        ContractError: a file's name holds a date that does not exist.
    """
    files = [
        file
        for source, mapping in settings.sources.items()
        for name, declared in mapping.inputs.items()
        for file in _files(settings.root_of(source), source, name, declared)
    ]
    return sorted(files, key=_order)


def _order(file: LandedFile) -> tuple[str, date, str]:
    return file.input, file.landing_date, file.file


def _files(root: Path, source: str, name: str, declared: Input) -> Iterable[LandedFile]:
    where = f"sources/{source}.yml: inputs.{name}.path"
    if declared.delivery.calendar and "{date}" not in declared.path:
        raise ConfigError(f"{where}: needs {{date}}, since the calendar is {declared.delivery.calendar}")
    if declared.path.startswith("/"):
        raise ConfigError(f"{where}: must be a path below the root of the source")
    if not root.is_dir():
        raise ConfigError(f"sources/{source}.yml: root: no such folder: {root}")
    pattern = _pattern(declared.path)
    wildcards = declared.path.replace("[", "[[]").replace("{date}", "*")
    for path in root.glob(wildcards):
        file = path.relative_to(root).as_posix()
        match = pattern.fullmatch(file)
        if match is None or not _is_data(file, declared.path) or not path.is_file():
            continue
        day = declared.delivery.complete_through or _day(match["date"], path)
        yield LandedFile(f"{source}.{name}", file, str(path), day, path.stat().st_size)


def _pattern(path: str) -> re.Pattern[str]:
    """The path as an expression; a second `{date}` must be the same day as the first."""
    parts = [re.escape(part).replace(r"\*", "[^/]*").replace(r"\?", "[^/]") for part in path.split("{date}")]
    text = parts[0]
    for index, part in enumerate(parts[1:]):
        text += (r"(?P<date>\d{4}-\d{2}-\d{2})" if index == 0 else "(?P=date)") + part
    return re.compile(text)


def _is_data(file: str, pattern: str) -> bool:
    if file.endswith(_UNFINISHED):
        return False
    parts = zip(file.split("/"), pattern.split("/"), strict=True)
    return not any(part[0] in "._" and declared[0] not in "._" for part, declared in parts)


def _day(text: str, path: Path) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ContractError(f"{path}: {text} is no date") from error


def pending(
    files: Iterable[LandedFile], ledger: pa.Table, date_from: date | None, date_to: date | None
) -> list[LandedFile]:
    """The files of the landing dates that the ledger does not know, in landing order, with their content hash.

    A file whose content was ingested under another name of the same input is marked by `same_as`.

    Args:
        files: what has landed.
        ledger: rows of ops.ingested_file.
        date_from: first landing date; None for no limit.
        date_to: last landing date; None for no limit.

    Raises:
        ContractError: a file was ingested with another content; names the file and both hashes.
    """
    chosen = sorted((f for f in files if _in_range(f.landing_date, date_from, date_to)), key=_order)
    with ThreadPoolExecutor() as pool:
        chosen = list(pool.map(lambda file: replace(file, content_hash=_hash(file.path)), chosen))
    known = {(row["input"], row["file"]): row["content_hash"] for row in ledger.to_pylist()}
    names = {(name, content): file for (name, file), content in sorted(known.items(), reverse=True)}
    new = []
    for file in chosen:
        before = known.get((file.input, file.file))
        if before is None:
            new.append(replace(file, same_as=names.get((file.input, file.content_hash))))
            names.setdefault((file.input, file.content_hash), file.file)
        elif before != file.content_hash:
            raise ContractError(
                f"{file.path}: was ingested with SHA-256 {before} and now has {file.content_hash}; "
                "a landed file must not change: land the new records under a new name"
            )
    return sorted(new, key=lambda file: (file.landing_date, file.input, file.file))


def _in_range(day: date, date_from: date | None, date_to: date | None) -> bool:
    return (date_from is None or day >= date_from) and (date_to is None or day <= date_to)


def _hash(path: str) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
