"""The reports, straight from their definitions, in slow and plain Python that shares no code with the jobs."""
