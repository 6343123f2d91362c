"""Everything that reads or writes a lake: its tables and files, their format, its locks and its upkeep."""
