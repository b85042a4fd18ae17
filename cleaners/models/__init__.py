"""Learnt models: boosted trees as arrays."""
