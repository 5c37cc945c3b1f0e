"""What browsers may do with our pages: no request leaves this server, the camera is for one page.

Streamlit's page needs more than the live page does: styles that its scripts write, pictures, charts
and videos from memory. Neither may fetch anything from elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LIVE = "/live"
# Where the maps of camera positions are: images that bring their style along.
VIEWS = f"{LIVE}/views"
# A host that can stand in a policy; of another, 'self' has to do.
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:]+\](:\d{1,5})?")
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)

COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_NO_DEVICES = "geolocation=(), microphone=(), payment=(), usb=(), display-capture=()"


def live_policy(host: str) -> str:
    """Return the live page's Content-Security-Policy."""
    return _policy(
        {
            "default-src": "'none'",
            # The pose model runs as WebAssembly, in a worker.
            "script-src": "'self' 'wasm-unsafe-eval'",
            "worker-src": "'self'",
            "connect-src": f"'self'{_sockets(host)}",
            "img-src": "'self' data: blob:",
            "media-src": "'self' blob:",
            "style-src": "'self'",
            "font-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
        }
    )


def image_policy() -> str:
    """Return the policy of an image (SVG): its own style, and nothing else."""
    return _policy(
        {"default-src": "'none'", "style-src": "'unsafe-inline'", "frame-ancestors": "'none'"}
    )


def page_policy(host: str, inline: tuple[str, ...]) -> str:
    """Return the policy of Streamlit's page, whose inline scripts have these hashes."""
    return _policy(
        {
            "default-src": "'self'",
            "script-src": " ".join(["'self'", *inline]),
            "worker-src": "'self' blob:",
            "connect-src": f"'self'{_sockets(host)}",
            "img-src": "'self' data: blob:",
            "media-src": "'self' data: blob:",
            "style-src": "'self' 'unsafe-inline'",
            "font-src": "'self' data:",
            "object-src": "'none'",
            "base-uri": "'self'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
        }
    )


def inline_hashes(page: str) -> tuple[str, ...]:
    """Return what a policy calls a page's inline scripts by, so that only those run."""
    return tuple(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE.findall(page)
    )


class SecurityHeaders:
    """Put the policies on every response, Streamlit's own, too: a middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        index = Path(streamlit.__file__).parent / "static" / "index.html"
        page = index.read_text(encoding="utf-8") if index.is_file() else ""
        self._inline = inline_hashes(page)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add to what is answered."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        live = path == LIVE or path.startswith(f"{LIVE}/")
        host = Headers(scope=scope).get("host", "")

        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                if path.startswith(f"{VIEWS}/"):
                    policy = image_policy()
                else:
                    policy = live_policy(host) if live else page_policy(host, self._inline)
                headers["Content-Security-Policy"] = policy
                camera = "camera=(self)" if live else "camera=()"
                headers["Permissions-Policy"] = f"{camera}, {_NO_DEVICES}"
                for name, value in COMMON.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _policy(rules: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _sockets(host: str) -> str:
    # Older Safaris do not take 'self' for the WebSockets of the same host.
    return f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
