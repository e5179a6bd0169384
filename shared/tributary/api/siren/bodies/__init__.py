"""What programme managers write. What is written is what is read."""
