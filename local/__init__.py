"""The local stack: the real template on an emulator, without Docker. `python -m local run | stop | invoke`."""
