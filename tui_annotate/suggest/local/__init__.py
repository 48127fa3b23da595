"""Suggestions that learn from the annotator, without a pipeline."""
