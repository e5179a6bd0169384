"""What an operator runs against a deployed stack: `python -m operate <command> --stack <name>`."""
