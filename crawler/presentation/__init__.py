"""What people read: HTML pages, the terminal, and the page on which labels are put right."""
