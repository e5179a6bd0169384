"""EventBridge: its resources, its requests and its dead letters."""
