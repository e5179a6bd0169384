"""Statistics: sums of hours, days and months, and the movements between them."""
