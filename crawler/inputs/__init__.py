"""Pages on disk: HTML files, folders, WARC files."""
