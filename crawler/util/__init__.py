"""Small helpers that all packages use."""
