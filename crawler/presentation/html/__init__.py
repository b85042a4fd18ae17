"""Pages for people: one HTML file each, with nothing loaded from anywhere."""
