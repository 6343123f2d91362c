"""Upkeep of a lake: retention periods, file compaction and format migrations. It changes no published number."""
