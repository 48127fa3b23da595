"""The editors of classes."""
