"""The configuration: spider arguments, sources, settings."""
