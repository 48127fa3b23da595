"""Views of sound."""
