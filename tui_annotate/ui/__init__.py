"""The Textual interface: it draws what the core holds and turns keys into its commands."""
