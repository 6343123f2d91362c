"""Stage → audit → replace exactly the audited days."""
