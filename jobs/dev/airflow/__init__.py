"""Airflow on one machine: its four components, started one by one on loopback. Runs in .venv-airflow."""
