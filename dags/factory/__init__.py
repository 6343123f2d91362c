"""What every DAG and task is made with."""
