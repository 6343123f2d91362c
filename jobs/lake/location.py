"""Where a lake is stored: in a local folder, or at a URI that deltalake can open, or only Hadoop."""

from __future__ import annotations

from pathlib import Path

from deltalake.fs import DeltaStorageHandler
from pyarrow.fs import FileSystem, LocalFileSystem, PyFileSystem, SubTreeFileSystem

from schemas.contract import Table

_HADOOP_ONLY = ("viewfs://", "webhdfs://", "ofs://")
_LEASES = ("hdfs://", *_HADOOP_ONLY)


class Location:
    """The root folder or URI of a lake, and the paths of its tables: `<root>/<layer>/<table>`."""

    def __init__(self, root: str) -> None:
        self.root = root.rstrip("/") if "://" in root else str(Path(root).resolve())

    @property
    def is_local(self) -> bool:
        """True for a folder of this machine."""
        return "://" not in self.root

    @property
    def is_hadoop_only(self) -> bool:
        """True if only Hadoop, and so only Spark, can open the URI."""
        return self.root.startswith(_HADOOP_ONLY)

    @property
    def has_leases(self) -> bool:
        """True on HDFS, by whichever URI: there a file that is open for writing works as a lock."""
        return self.root.startswith(_LEASES)

    def path(self, table: Table) -> str:
        """Folder or URI of a table."""
        return f"{self.root}/{table.folder}"

    def spark_uri(self, table: Table) -> str:
        """The URI of a table for Spark, which takes a path without a scheme for one of Hadoop's default file system."""
        return f"file:{self.path(table)}" if self.is_local else self.path(table)

    def files(self, table: Table) -> FileSystem:
        """A file system whose root is the table's folder or URI."""
        path = self.path(table)
        return (
            SubTreeFileSystem(path, LocalFileSystem())
            if self.is_local
            else PyFileSystem(DeltaStorageHandler(path))
        )
