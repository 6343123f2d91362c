"""What every table, column and metric is: pure data, imported by everything that builds, checks or documents them."""
