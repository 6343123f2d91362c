"""Rules of report families, and the identities between their tables."""
