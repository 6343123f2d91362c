"""A first mapping from a look at real files; what is not sure is left open and fails `config check`."""
