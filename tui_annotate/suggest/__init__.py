"""Suggestions: sources of them, and the process they run in."""
