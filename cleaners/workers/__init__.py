"""Cleaning in worker processes, with a deadline and a memory limit for each page."""
