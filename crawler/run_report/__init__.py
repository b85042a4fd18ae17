"""Reports of a run: progress, outcome, run report, regressions."""
