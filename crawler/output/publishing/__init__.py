"""From a cleaned page to an article that is written: revisions, shared lines, outcomes."""
