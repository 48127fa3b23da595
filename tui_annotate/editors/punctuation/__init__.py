"""The editor of punctuation."""
