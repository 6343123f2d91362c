"""The commands that change a lake: what a run would do, its stages, backfill, replay, and their log."""
