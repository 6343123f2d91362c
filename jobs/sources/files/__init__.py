"""Landed files as a source: listing them, reading their records, and writing those to raw tables."""
