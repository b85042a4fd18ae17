"""The cleaning workers of a crawl."""
