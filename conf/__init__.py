"""Where things are and how big they may be: settings, members and mappings of one deployment."""
