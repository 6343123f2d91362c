"""Facts → report frames: the declared metrics over the spine."""
