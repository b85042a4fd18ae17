"""One page instead of a crawl: found by its name, or fetched as a crawl fetches it."""
