"""Copydesk's features in the crawls of other spiders: those of another project with the add-on."""
