"""Operation: runs, files, balances, quality results and publications; what depends on the run stands here only."""
