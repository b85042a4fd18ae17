"""What a crawl does with a response: clean it, follow its links, publish its article."""
