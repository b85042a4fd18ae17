"""Downloads within limits: URL policy, DNS, HTTP, redirects, failures."""
