"""The one SparkSession, and what tunes it."""
