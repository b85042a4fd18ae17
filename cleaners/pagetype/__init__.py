"""Is the page an article? And of which type?"""
