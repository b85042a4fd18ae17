"""What a crawl does with a response: clean it, follow it, publish it."""
