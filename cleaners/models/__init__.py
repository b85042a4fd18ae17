"""Trained models: boosted trees as arrays."""
