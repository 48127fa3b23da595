"""What is in files of records: counts, pace, suggestions, doubled inputs, bias."""
