"""Facts: one pass over the clean rows, from which every metric is an order-free aggregate."""
