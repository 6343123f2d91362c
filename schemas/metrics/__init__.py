"""Metrics: each declared once, with its meaning, unit, source and expression."""
