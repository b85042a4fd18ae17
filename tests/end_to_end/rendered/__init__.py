"""Invented sites that scripts build in the reader's browser, and pages that attack a browser."""
