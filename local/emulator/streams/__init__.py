"""Stream mappings: batches, retries and destinations of discarded records."""
