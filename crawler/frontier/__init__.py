"""Scheduling: which request is sent next, and how many may still be sent."""
