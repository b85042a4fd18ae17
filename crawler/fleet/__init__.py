"""Crawls on many machines: PostgreSQL holds the ledger and the queue, procrastinate gives out the jobs."""
