"""Airflow DAGs: wiring only. Every task runs the command line in Spark's own environment."""
