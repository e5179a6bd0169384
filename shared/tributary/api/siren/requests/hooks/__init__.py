"""Bodies about HTTP calls of other systems to us and of ours to them."""
