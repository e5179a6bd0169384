"""The Sequenzy REST surface."""
