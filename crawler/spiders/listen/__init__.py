"""WebSub (W3C Recommendation): hubs say when a feed changes, and its articles are crawled within a minute."""
