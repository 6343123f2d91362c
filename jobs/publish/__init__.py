"""Publication of reports: computed rows are staged, audited, and then replace exactly the audited days."""
