"""What trafilatura takes for the body, aligned with the blocks of the page."""
