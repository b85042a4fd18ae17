"""Pages that scripts build: rendered in a browser that has no network of its own (the extra ``browser``)."""
