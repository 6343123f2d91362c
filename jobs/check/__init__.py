"""Is it good enough: the coverage guard, the identities and Great Expectations on the very frames that are published."""
