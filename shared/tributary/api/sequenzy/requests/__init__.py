"""Request bodies of the Sequenzy surface."""
