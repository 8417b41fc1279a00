"""A sign-in provider of the tests' own (OpenID Connect, code flow): it signs in whoever it is told to, unasked."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "tco", "only for these tests"


class Provider:
    """The provider while it runs: `address`, and who signs in next."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.email, self.verified = "", True
        self._key = RSAKey.generate_key(2048, parameters={"kid": "one"})
        self._nonces: dict[str, str] = {}

    def answered(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        """The status and what is answered: a document, or the address that the browser is sent to."""
        if path == "/.well-known/openid-configuration":
            places = {"authorization": "authorize", "token": "token"}
            found = {f"{name}_endpoint": f"{self.address}/{where}" for name, where in places.items()}
            return 200, found | {
                **{"issuer": self.address, "jwks_uri": f"{self.address}/keys", "response_types_supported": ["code"]},
                **{"id_token_signing_alg_values_supported": ["RS256"], "subject_types_supported": ["public"]},
            }
        if path == "/keys":
            return 200, {"keys": [self._key.as_dict(private=False)]}
        if path == "/authorize":
            code = secrets.token_hex(8)
            self._nonces[code] = query.get("nonce", "")
            return 302, f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"
        return 404, {}

    def token(self, code: str) -> Any:
        """The token for a code, which is good once."""
        now = int(datetime.now(UTC).timestamp())
        claims = {"iss": self.address, "aud": CLIENT, "sub": self.email, "iat": now, "exp": now + 600}
        claims |= {"nonce": self._nonces.pop(code), "email": self.email, "email_verified": self.verified}
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self._key)
        return {"access_token": "none", "token_type": "Bearer", "expires_in": 600, "id_token": signed}


@contextmanager
def provider(port: int) -> Generator[Provider]:
    """A provider that answers as long as the block lasts."""
    found = Provider(f"http://127.0.0.1:{port}")

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            self._answer(*found.answered(asked.path, {k: v[0] for k, v in parse_qs(asked.query).items()}))

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._answer(200, found.token(sent["code"][0]))

        def _answer(self, status: int, told: Any) -> None:
            content = b"" if status == 302 else json.dumps(told).encode()
            self.send_response(status)
            self.send_header(*(("Location", told) if status == 302 else ("Content-Type", "application/json")))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
