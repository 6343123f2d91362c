"""Upkeep of a lake: retention, merged files, migrations; no published number changes."""
