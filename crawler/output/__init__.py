"""Articles and rejections to files: only whole lines, and none lost."""
