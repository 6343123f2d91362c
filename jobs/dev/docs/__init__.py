"""Generated pages, and parts of pages that people wrote: made from the declarations, compared in `make check`."""
