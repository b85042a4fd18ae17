"""Metadata that a page declares: JSON-LD, OpenGraph, meta elements; titles, names, dates, rights and their evidence."""
