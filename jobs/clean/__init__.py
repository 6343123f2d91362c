"""Raw records → typed, deduplicated rows; what is refused goes to quarantine with its reason."""
