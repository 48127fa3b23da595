"""The session: its engine, what comes next, what is drafted, written and learned."""
