"""Sound: what a task is about, and the work on it outside the interface's own process."""
