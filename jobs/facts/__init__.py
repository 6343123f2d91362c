"""Clean rows → facts, one pass for every scope type."""
