"""The demo shop: landing files made from a seed, in forms that real shops use, and the true numbers behind them."""
