"""Tasks: what a task is, and what is wrong with what it came with."""
