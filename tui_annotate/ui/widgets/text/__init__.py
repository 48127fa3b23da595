"""Views of text."""
