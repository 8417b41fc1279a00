"""What stands above every page."""

from __future__ import annotations


def head() -> None:
    """Draws what stands above every page."""
