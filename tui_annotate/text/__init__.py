"""Text without an interface: tokens, graphemes, layout and the algebra of spans."""
