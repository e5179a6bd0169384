"""The emulator with AWS behaviours that it lacks and this project relies on.

Runs in the emulator's own environment (`.local/emulator`), never in `.venv`: `python -m local.emulator`. One module per
behaviour, each with `apply()`; `stream_batches` is pure and imports nothing of the emulator."""
