"""Bytes to text to tree, and the links of the tree."""
