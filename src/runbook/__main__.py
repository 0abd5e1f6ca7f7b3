"""`python -m runbook` is `runbook`."""

from runbook.cli import main

main()
