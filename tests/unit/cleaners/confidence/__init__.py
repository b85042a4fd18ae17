"""Tests of cleaners.confidence."""
