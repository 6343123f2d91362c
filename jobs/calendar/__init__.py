"""Business days: ranges of them, and what the calendar says of each."""
