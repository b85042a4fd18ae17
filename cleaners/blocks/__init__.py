"""Tree to blocks: runs of text, the elements that hold them, and the names of those elements."""
