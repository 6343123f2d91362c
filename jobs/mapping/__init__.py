"""How a mapping's rules become contract columns."""
