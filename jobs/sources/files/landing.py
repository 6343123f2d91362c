"""Which files have landed, and which of them were not ingested yet. Needs no Spark."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, zip_longest
from pathlib import Path

import pyarrow as pa

from conf.errors import ConfigError, ContractError, SourceIncomplete
from conf.mapping import DATE_PARTS, Input, split_dates
from conf.reading import location_in_file
from conf.settings import Settings

_UNFINISHED = (".part", ".filepart", ".crdownload", ".tmp", ".crc", "~")
"""Ends of the names of files that are still being uploaded, or are no data."""
FileKey = tuple[str, str]
"""(input, file): what identifies a landed file."""


@dataclass(frozen=True)
class LandedFile:
    """One landed file of an input.

    Attributes:
        input: mapping and input as `mapping.input`.
        file: path below the source's root, with `/` between folders.
        path: absolute path on this machine.
        landing_date: `{date}` of its path; `complete_through` for a history delivered whole.
        bytes: size on disk; once there is a content hash, of what was hashed.
        content_hash: SHA-256 of the file's bytes; empty until `pending` has computed it.
        same_as: another file of the same input that was ingested with the same content, if there is one.
        manifest: absolute path of the JSON manifest that lists it; None where the input has none.
    """

    input: str
    file: str
    path: str
    landing_date: date
    bytes: int
    content_hash: str = ""
    same_as: str | None = None
    manifest: str | None = None

    @property
    def key(self) -> FileKey:
        """Input and file."""
        return self.input, self.file

    @property
    def source(self) -> str:
        """Name of the mapping."""
        return self.input.split(".", 1)[0]


def landed(settings: Settings) -> list[LandedFile]:
    """The landed files of every input, sorted by input, landing date and name.

    Raises:
        ConfigError: the root folder of a source does not exist.
        ContractError: a file's path holds a date that does not exist, or two different dates.
    """
    return [file for file, reason in _on_disk(settings) if not reason]


def held_back(settings: Settings) -> list[tuple[LandedFile, str]]:
    """The files that a later run lands, in the order of `landed`, each with the reason why they have not landed now.

    Raises:
        ConfigError: the root folder of a source does not exist.
        ContractError: a file's path holds a date that does not exist, or two different dates.
    """
    inputs = [declared for mapping in settings.sources.values() for declared in mapping.inputs.values()]
    if not any(declared.stable_seconds or declared.manifest for declared in inputs):
        return []  # the folders need not be looked through once more
    return [(file, reason) for file, reason in _on_disk(settings) if reason]


def _on_disk(settings: Settings) -> list[tuple[LandedFile, str]]:
    """The files of every input, each with the reason why it has not landed; empty where it has."""
    files = [
        file
        for source, mapping in settings.sources.items()
        for name, declared in mapping.inputs.items()
        for file in _files(settings, source, name, declared)
    ]
    return sorted(files, key=lambda file: _order(file[0]))


def _order(file: LandedFile) -> tuple[str, date, str]:
    return file.input, file.landing_date, file.file


def _files(settings: Settings, source: str, name: str, declared: Input) -> Iterable[tuple[LandedFile, str]]:
    root = settings.root_of(source)
    if not root.is_dir():
        where = location_in_file(settings.mapping_file(source), ("root",))
        raise ConfigError(f"{where}: no such folder: {root}")
    texts, forms = split_dates(declared.path)
    pattern, wildcards = _pattern(texts, forms), _wildcards(texts, forms)
    for path in root.glob(wildcards):
        file = path.relative_to(root).as_posix()
        match = pattern.fullmatch(file)
        manifest = path.parent / declared.manifest if declared.manifest else None
        if match is None or path == manifest or not _is_data(file, wildcards) or not path.is_file():
            continue
        days = {_day(match, index, path) for index in range(len(forms))}
        if len(days) > 1:
            raise ContractError(f"{path}: names {len(days)} different days")
        day = declared.delivery.complete_through or days.pop()
        stat = path.stat()
        reason = ""
        if manifest is not None and not manifest.is_file():
            reason = f"no {manifest.name} beside them"
        elif time.time() - stat.st_mtime < declared.stable_seconds:
            reason = f"changed less than {declared.stable_seconds} seconds ago"
        listing = str(manifest) if manifest is not None and manifest.suffix == ".json" else None
        yield LandedFile(f"{source}.{name}", file, str(path), day, stat.st_size, manifest=listing), reason


def _pattern(texts: Sequence[str], forms: Sequence[str]) -> re.Pattern[str]:
    """A regular expression for paths, with the groups Y0, m0, d0 for the first date in it and Y1, m1, d1 for the second."""
    plain = [re.escape(text).replace(r"\*", "[^/]*").replace(r"\?", "[^/]") for text in texts]
    days = [_day_pattern(form, number) for number, form in enumerate(forms)]
    return re.compile("".join(chain.from_iterable(zip_longest(plain, days, fillvalue=""))))


def _day_pattern(form: str, number: int) -> str:
    pattern = re.escape(form)
    for part, digits in DATE_PARTS.items():
        pattern = pattern.replace(part, rf"(?P<{part[1]}{number}>\d{{{digits}}})")
    return pattern


def _wildcards(texts: Sequence[str], forms: Sequence[str]) -> str:
    days = [re.sub("%.", "*", form) for form in forms]
    path = "".join(chain.from_iterable(zip_longest(texts, days, fillvalue="")))
    return re.sub(r"\*+", "*", path.replace("[", "[[]"))


def _is_data(file: str, wildcards: str) -> bool:
    if file.lower().endswith(_UNFINISHED):
        return False
    parts = zip(file.split("/"), wildcards.split("/"), strict=True)
    return not any(part[0] in "._" and declared[0] not in "._" for part, declared in parts)


def _day(match: re.Match[str], index: int, path: Path) -> date:
    numbers = [match[f"{letter}{index}"] for letter in "Ymd"]
    try:
        return date(*map(int, numbers))
    except ValueError as error:
        raise ContractError(f"{path}: {'-'.join(numbers)} is no date") from error


def pending(
    files: Iterable[LandedFile],
    ledger: pa.Table,
    date_from: date | None,
    date_to: date | None,
    reingested: Set[FileKey] = frozenset(),
) -> list[LandedFile]:
    """The files that are still to be ingested, in landing order, with their content hash.

    A file with the content of another ingested file of the same input gets that file's name as `same_as`.

    Args:
        files: the landed files.
        ledger: rows of ops.ingested_file.
        date_from: first landing date; None for no limit.
        date_to: last landing date; None for no limit.
        reingested: files that are ingested once more, whatever the ledger says and on whatever day they landed.

    Raises:
        ContractError: an ingested file has changed its content; names the file and both hashes.
    """
    chosen = sorted(
        (f for f in files if f.key in reingested or in_range(f.landing_date, date_from, date_to)), key=_order
    )
    with ThreadPoolExecutor() as pool:
        chosen = list(pool.map(_hashed, chosen))
    ingested_hashes = {(row["input"], row["file"]): row["content_hash"] for row in ledger.to_pylist()}
    ingested_hashes = {key: content for key, content in ingested_hashes.items() if key not in reingested}
    names = {(name, content): file for (name, file), content in sorted(ingested_hashes.items(), reverse=True)}
    new = []
    for file in chosen:
        before = ingested_hashes.get(file.key)
        if before is None:
            new.append(replace(file, same_as=names.get((file.input, file.content_hash))))
            names.setdefault((file.input, file.content_hash), file.file)
        elif before != file.content_hash:
            raise ContractError(
                f"{file.path}: was ingested with SHA-256 {before} and now has {file.content_hash}; "
                "a landed file must not change: land the new records under a new name"
            )
    return sorted(new, key=lambda file: (file.landing_date, file.input, file.file))


def in_range(day: date, date_from: date | None, date_to: date | None) -> bool:
    """Whether a day lies between two days, both included; None is no limit."""
    return (date_from is None or day >= date_from) and (date_to is None or day <= date_to)


def require_unchanged(files: Iterable[LandedFile]) -> None:
    """Check, after files were read, that they still are what was hashed before.

    Raises:
        SourceIncomplete: a file has grown, was replaced or is gone; names it.
    """
    read = list(files)
    with ThreadPoolExecutor() as pool:
        hashes = list(pool.map(_hash_now, read))
    for file, content_hash in zip(read, hashes, strict=True):
        if content_hash != file.content_hash:
            state = f"now has SHA-256 {content_hash}" if content_hash else "is no longer there"
            raise SourceIncomplete(
                f"{file.path}: changed while it was read: it had SHA-256 {file.content_hash} and {state}; nothing of it "
                "was counted, and the next run reads it anew: land files under another name and rename them when they "
                "are whole, or set stable_seconds"
            )


def _hash_now(file: LandedFile) -> str | None:
    try:
        return _hashed(file).content_hash
    except FileNotFoundError:
        return None


def _hashed(file: LandedFile) -> LandedFile:
    with Path(file.path).open("rb") as content:
        content_hash = hashlib.file_digest(content, "sha256").hexdigest()
        return replace(file, content_hash=content_hash, bytes=content.tell())
