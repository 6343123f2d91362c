"""Rules of facts, on the figures of their profiles."""
