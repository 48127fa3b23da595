"""Worker processes: the parent's side, the worker's side and what crosses between them."""
