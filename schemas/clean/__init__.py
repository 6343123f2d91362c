"""Clean tables: typed, deduplicated, one row per real thing; and what was refused, with its reason."""
