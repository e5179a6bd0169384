"""One module for each file that a bank or payment service takes."""
