"""How far the sources have arrived, and which days that closes."""
