"""Suggestions that rest on spaCy; they run in the suggestion process."""
