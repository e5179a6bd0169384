"""Request bodies of the Growi surface."""
