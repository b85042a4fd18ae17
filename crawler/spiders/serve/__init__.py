"""A server that cleans what it is asked to: a URL, or HTML and its URL."""
