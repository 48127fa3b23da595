"""What a session keeps: the journal, drafts, the lock, labels."""
