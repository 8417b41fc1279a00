"""Who works in the library and what they may do there; and what tells one browser from others on one machine."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from store.database import StoreError

# What each role may do, the next more than the one before: look and comment; change studies and keep versions; approve.
VIEWER, EDITOR, APPROVER = ROLES = ("viewer", "editor", "approver")

# "2|mask|masked token|time": the same token is masked anew in every cookie.
_MASKED = re.compile(r"2\|([0-9a-f]{8})\|([0-9a-f]+)\|\d+")


@dataclass(frozen=True)
class Person:
    """Somebody who signed in, by the address that the sign-in vouches for; or, without a name, whoever sits here."""

    name: str = ""
    role: str = APPROVER

    def must_be(self, role: str, what: str) -> None:
        """Raises StoreError, naming the remedy, where this person may not do what takes a role."""
        if ROLES.index(self.role) < ROLES.index(role):
            raise StoreError(f"{self.name} is {_with_article(self.role)} and may not {what}", f"ask an {role} to do it")

    def called(self, typed: str) -> str:
        """Who is named for what this person does: the name vouched for, else the one typed."""
        return self.name or typed


# On one's own machine nobody signs in, and whoever sits there may do everything.
ALONE = Person()


def role_of(address: str, roles: Mapping[str, Iterable[str]]) -> str | None:
    """The role that names an address, else the one that names its domain ("@example.org"); of two the higher, None for
    none. Raises StoreError for roles that are none."""
    if unknown := sorted(set(roles) - set(ROLES)):
        raise StoreError(f"the roles name {unknown[0]!r}, which is none", f"choose from {', '.join(ROLES)}")
    asked = address.strip().casefold()
    name, _, domain = asked.rpartition("@")
    for wanted in (asked, f"@{domain}") if name else ():
        for role in reversed(ROLES):
            if wanted in {each.strip().casefold() for each in roles.get(role, ())}:
                return role
    return None


def _with_article(role: str) -> str:
    return f"{'a' if role == VIEWER else 'an'} {role}"


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
