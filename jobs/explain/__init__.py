"""Published tables → answers for people: one scene at a glance, and why a number moved. Needs no Spark."""
