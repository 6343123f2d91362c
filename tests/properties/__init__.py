"""Every cell of every report against the oracle, on generated logs."""
