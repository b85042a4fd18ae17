"""What is known across runs: URLs, articles, outputs, runs."""
