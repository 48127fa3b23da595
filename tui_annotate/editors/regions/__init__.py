"""The editor of the regions of a sound."""
