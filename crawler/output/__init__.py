"""Articles and rejections to files, each line whole and none lost."""
