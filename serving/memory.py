"""How often Python looks through what it holds for objects that only refer to each other.

While it looks, no page is answered. By Python's own measure that was half a second every six seconds with 50 sessions,
for next to nothing found: an edit leaves hardly a circle, and all else goes as soon as nothing refers to it.
"""

from __future__ import annotations

import gc

# The youngest objects are looked through when so many have come that did not go, the older ones each fifth time. A page
# that is opened brings about 5,000: what a closed one leaves in circles goes after 100 others at the latest (100 MB).
YOUNGEST, YOUNGER, OLDEST = 20_000, 5, 5


def settle() -> None:
    """Once all is imported: leave what the program itself consists of out for good, and look through the rest less."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNGEST, YOUNGER, OLDEST)
