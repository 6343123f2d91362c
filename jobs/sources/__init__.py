"""Where records come from: each kind of source lands what it has and gives records."""
