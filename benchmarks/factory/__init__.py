"""The page factory: made news pages whose truth is exact, to train and to test the labeller.

A page is composed of a story, of furniture in the wordings and the markup of an invented site, and of a skeleton, the
markup around both. The same seed gives the same pages, whatever Python's hash seed.
"""
