"""The record: an article as one JSON line, and its JSON Schema."""
