"""The page: one static HTML file made from published tables only, without Spark and without any network."""
