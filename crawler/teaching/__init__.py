"""Teaching: site rules learnt from pages that a person corrected, and the page on which they are corrected."""
