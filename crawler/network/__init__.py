"""Downloads within bounds: URL policy, DNS, HTTP, redirects, failures."""
