"""What the user asked for: spider arguments, sources, settings."""
