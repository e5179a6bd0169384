"""What it costs, against what runs beside it: absolute times on shared machines mean nothing. `make bench` shows it."""
