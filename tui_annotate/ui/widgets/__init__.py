"""Widgets: lines of status, and one view per kind of annotation."""
