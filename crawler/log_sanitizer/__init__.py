"""Untrusted text in logs and on terminals, with control characters escaped."""
