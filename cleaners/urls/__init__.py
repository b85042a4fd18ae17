"""URLs: resolved against a page, without credentials, and the identity of the page they name."""
