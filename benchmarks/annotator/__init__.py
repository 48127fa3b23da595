"""A simulated annotator that counts key presses: `python -m benchmarks.annotator`."""
