"""Set-up of a fresh machine; uses nothing but the standard library."""
