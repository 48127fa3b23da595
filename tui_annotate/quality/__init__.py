"""How good annotations are: what is wrong in a file, and what is in it."""
