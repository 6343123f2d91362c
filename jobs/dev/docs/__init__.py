"""Generated pages: the data dictionary and the list of rules, made from the declarations and compared in CI."""
