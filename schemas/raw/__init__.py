"""Raw tables: one per input of a mapping, all of one form."""
