"""Which articles are copies, revisions or updates of others."""
