"""A deployment as it stands, for comparing it with what the runbook says: nothing is changed."""
