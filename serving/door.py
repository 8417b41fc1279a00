"""The door of the app: every request passes it first, and every answer bears what keeps a browser from being misled.

A connection that a page elsewhere opens is refused here. Streamlit would refuse it too, but asks an outside host for
this machine's public address before it does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from serving.uploads import is_too_much
from store import desk
from store.database import StoreError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

READY, METRICS = "/readyz", "/_stcore/metrics"
# Streamlit's own pages need inline scripts and styles, charts compile their expressions; nothing comes from elsewhere.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)
FORBIDDEN, NOT_FOUND, TOO_LARGE, OK, UNAVAILABLE = 403, 404, 413, 200, 503
POLICY_VIOLATION = 1008


class Door:
    """The outermost layer of the app."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer here what is not the app's to answer; hand on the rest."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif is_foreign(scope["headers"]):
            await _refuse(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        elif is_too_much(scope["method"], scope["path"], _length(scope["headers"])):
            await _answer(send, TOO_LARGE, "this page holds too many files already: reload it, then send fewer")
        elif scope["path"] == METRICS:
            await _answer(send, NOT_FOUND, "closed")
        elif scope["path"] == READY:
            await _answer(send, *await asyncio.to_thread(readiness))
        else:
            await self._app(scope, receive, _with_headers(send))


def is_foreign(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    """Whether a page of another host asks: its Origin is not the host that is asked. Programs send none."""
    sent = {name: value.decode("latin-1") for name, value in headers if name in (b"origin", b"host")}
    origin = sent.get(b"origin")
    return origin is not None and urlsplit(origin).netloc.casefold() != sent.get(b"host", "").casefold()


def _length(headers: Sequence[tuple[bytes, bytes]]) -> int:
    said = dict(headers).get(b"content-length", b"0")
    return int(said) if said.isdigit() else 0


def readiness() -> tuple[int, str]:
    """The status and the word: whether the library answers. What ails it stands in the log, not here."""
    try:
        desk.shelf().last_opened("")
    except StoreError:
        return UNAVAILABLE, "the library does not answer"
    return OK, "ready"


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
    else:
        await _answer(send, FORBIDDEN, "asked from a page elsewhere")


async def _answer(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{text}\n".encode()})


def _with_headers(send: Send) -> Send:
    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *HEADERS]}
        await send(message)

    return sent


def refusal(address: str | None, hosts: Sequence[str], signs_in: bool, near: Sequence[str]) -> str | None:
    """Why the app does not start as it is set up; None where it may: others are served only with sign-in."""
    others = [each for each in (address or "0.0.0.0", *hosts) if each not in near]
    if not others or signs_in:
        return None
    return (
        f"Not started: it would be served to others ({', '.join(others)}) without sign-in. Set up [auth] and [roles] "
        "in .streamlit/secrets.toml (docs/team.md), or serve 127.0.0.1 alone (server.address, server.allowedHosts)."
    )
