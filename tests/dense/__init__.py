"""Pages and listings that are dense in one thing, of any size: what costs more than its bytes is found by them."""
