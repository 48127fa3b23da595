"""Lines of outputs, as their users handle them: narrowed, merged, split, sampled."""
