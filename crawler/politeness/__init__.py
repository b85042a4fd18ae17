"""How a host wants to be crawled: robots.txt, rights, pace, back-off, budgets."""
