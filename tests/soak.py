"""Random tests that look a little in `make test` and long in `make soak`."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

SOAKING = os.environ.get("SOAK") == "1"


def thorough(quick: int, soak: int) -> Callable[[Any], Any]:
    """So many examples of a test that draws them: few where somebody waits for the answer, many in a soak."""

    def marked(test: Any) -> Any:
        return pytest.mark.soak(settings(max_examples=soak if SOAKING else quick)(test))

    return marked
