"""Inventories: punctuation marks, tag sets, vocabularies."""
