"""From landed files to raw tables: which files lie there, what their records are, how far they reach."""
