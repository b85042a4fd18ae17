"""WARC files (ISO 28500): written, repaired, indexed and read."""
