"""An organization's own records: keys, event sources, event types, settings."""
