"""What tells one browser from others, where several people reach one app without signing in."""

from __future__ import annotations

import hashlib
import re

# "2|mask|masked token|time": the same token is masked anew in every cookie.
_MASKED = re.compile(r"2\|([0-9a-f]{8})\|([0-9a-f]+)\|\d+")


def browser(cookie: str) -> str:
    """A name for the browser that sends this cookie, the same at every visit; "" for none."""
    if not cookie:
        return ""
    masked = _MASKED.fullmatch(cookie)
    token = _unmasked(bytes.fromhex(masked[1]), masked[2]) if masked else cookie.encode()
    return hashlib.sha256(b"draft folder of " + token).hexdigest()[:32]


def _unmasked(mask: bytes, masked: str) -> bytes:
    hidden = bytes.fromhex(masked[: len(masked) // 2 * 2])
    return bytes(byte ^ mask[index % len(mask)] for index, byte in enumerate(hidden))
