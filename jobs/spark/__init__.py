"""The one SparkSession of a process, and its JDK, JARs, log and tuning."""
