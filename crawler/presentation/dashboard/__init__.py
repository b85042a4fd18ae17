"""The dashboard: runs, sites, a search in the articles, and single articles, served to one person on loopback."""
