"""How: the only folder that imports Spark."""
