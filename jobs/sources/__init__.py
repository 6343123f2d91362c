"""Sources of records: each kind of source has a package that lands its data and reads records from it."""
