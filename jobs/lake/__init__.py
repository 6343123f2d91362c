"""The lake's edge: tables and files, their format, locks and upkeep; nothing else reads or writes a lake."""
