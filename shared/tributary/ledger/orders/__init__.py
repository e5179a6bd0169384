"""Reports of orders, sales events and checkouts, and the customer totals that they add up to."""
