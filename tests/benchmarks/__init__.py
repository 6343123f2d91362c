"""What the pipeline costs: seconds and memory per stage, measured on the demo shop."""
