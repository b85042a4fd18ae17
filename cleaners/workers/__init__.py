"""Cleaning in worker processes, each page within a deadline and a memory limit."""
