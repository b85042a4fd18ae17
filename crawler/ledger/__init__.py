"""The ledger: what is known across runs of URLs, articles, outputs and runs."""
