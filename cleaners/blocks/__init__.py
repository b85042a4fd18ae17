"""Tree to blocks: runs of text, the elements they stand in, and what those elements are called."""
