"""Tests of the interface."""

from __future__ import annotations

import os

# Frames as soon as there is something to draw: nobody looks at them.
os.environ.setdefault("TEXTUAL_FPS", "500")
