"""Cleaning archives: many WARC files, on one machine or many, each response accounted for."""
