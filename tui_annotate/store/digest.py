"""The hash that tasks and files are told apart by."""

from __future__ import annotations

try:
    # What hashlib offers under this name; hashlib itself loads OpenSSL, which takes longer
    # than all that is hashed before the first frame.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

__all__ = ["blake2b"]
