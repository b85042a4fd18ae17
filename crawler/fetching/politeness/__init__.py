"""Politeness towards hosts: robots.txt, rights, pace, back-off, budgets."""
