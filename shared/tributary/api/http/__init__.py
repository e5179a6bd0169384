"""HTTP: requests, responses, errors and idempotency keys of any dialect."""
