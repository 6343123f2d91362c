"""Manifests: files by which a source says that a folder is finished and, where they are JSON, what lies in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import Field, ValidationError

from conf.errors import ContractError
from conf.mapping import Strict
from jobs.sources.files.landing import FileKey, LandedFile


class ListedFile(Strict):
    """What a manifest says of one file; what it leaves out is not compared."""

    name: str
    bytes: int | None = Field(None, ge=0)
    sha256: str | None = Field(None, pattern="^[0-9a-fA-F]{64}$")
    records: int | None = Field(None, ge=0)


class Manifest(Strict):
    """The content of a JSON manifest."""

    files: tuple[ListedFile, ...]


def check_manifests(files: Iterable[LandedFile]) -> None:
    """Compare files, once their content hash is there, with the manifests of their folders.

    Raises:
        ContractError: names the file and what differs: it is missing, not listed, or of another size or SHA-256.
    """
    with_manifest = [file for file in files if file.manifest is not None]
    listed = _listed(with_manifest)
    for manifest, entries in listed.items():
        missing = sorted(name for name in entries if not (Path(manifest).parent / name).is_file())
        if missing:
            raise ContractError(f"{manifest}: lists {missing[0]}, which is not there")
    for file in with_manifest:
        entry = listed[str(file.manifest)].get(Path(file.path).name)
        if entry is None:
            raise ContractError(f"{file.path}: is not listed in {file.manifest}")
        _must_agree(file, "bytes", entry.bytes, file.bytes)
        _must_agree(file, "SHA-256", entry.sha256 and entry.sha256.lower(), file.content_hash)


def check_record_counts(files: Iterable[LandedFile], counts: Mapping[FileKey, int]) -> None:
    """Compare the number of records that were read from each file with the manifest of its folder.

    Raises:
        ContractError: names the file and both numbers.
    """
    with_manifest = [file for file in files if file.manifest is not None]
    listed = _listed(with_manifest)
    for file in with_manifest:
        entry = listed[str(file.manifest)][Path(file.path).name]
        _must_agree(file, "records", entry.records, counts[file.key])


def _must_agree(file: LandedFile, what: str, listed: object, actual: object) -> None:
    if listed is not None and listed != actual:
        raise ContractError(f"{file.path}: {what} {actual}, and {file.manifest} says {listed}")


def _listed(files: Iterable[LandedFile]) -> dict[str, dict[str, ListedFile]]:
    """Path of each manifest → its entries by name."""
    return {path: _entries(path) for path in sorted({str(file.manifest) for file in files})}


def _entries(path: str) -> dict[str, ListedFile]:
    try:
        manifest = Manifest.model_validate_json(Path(path).read_bytes())
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(map(str, fault["loc"]))
        raise ContractError(f"{path}: {f'{field}: ' if field else ''}{fault['msg']}") from error
    return {entry.name: entry for entry in manifest.files}
