"""The editor of tags."""
