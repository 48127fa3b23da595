"""Editors: one pure state machine per kind of annotation, without an interface."""
