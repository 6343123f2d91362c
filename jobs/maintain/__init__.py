"""Upkeep of a lake: what is too old is deleted, files are merged and removed; no published number changes."""
