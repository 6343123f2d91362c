"""How good: what a table must satisfy before anyone reads it."""
