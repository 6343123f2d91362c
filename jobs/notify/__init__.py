"""Telling a hook what happened: a command that reads JSON, or a webhook that gets it."""
