"""Bringing an older lake to the current format, step by step."""
