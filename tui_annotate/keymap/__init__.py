"""Keys: the table of actions, and what each key does in one session."""
