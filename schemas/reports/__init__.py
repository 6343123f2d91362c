"""Reports: what analysts and BI tools read."""
