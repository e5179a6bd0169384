"""What checks of input share: patterns, blank text, and the input of each as JSON Schema."""
