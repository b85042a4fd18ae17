"""Requests: the network, politeness, the browser, and the demo site."""
