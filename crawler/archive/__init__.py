"""The archive of a crawl: each response that was fetched, as WARC files."""
