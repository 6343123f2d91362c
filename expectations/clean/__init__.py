"""Rules of clean tables, on the figures of their profiles, and identities between them."""
