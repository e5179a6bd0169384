"""Request bodies of the Siren surface."""
