"""URLs: resolved against a page, without credentials, and the identity of their page."""
