"""Knowledge bases: entities with names, and the search for the one that a text means."""
