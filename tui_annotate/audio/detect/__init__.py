"""Detectors: what is found in a sound - speech, music, speakers."""
