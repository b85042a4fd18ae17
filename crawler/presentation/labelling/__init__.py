"""The page on which a person puts labels right, and its server on loopback."""
