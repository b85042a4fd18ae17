"""Records in the forms that other tools expect. Each converter takes the values of a JSON line."""
