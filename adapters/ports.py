"""Where live streams are when nobody says: the port beside the web's, and how browsers reach it."""

from __future__ import annotations

from urllib.parse import urlsplit

MOST = 65535


def beside(port: int, taken: int) -> int:
    """The web's port and two, 8002: whoever chooses other ports for two copies need not know of a third."""
    return next(near for near in (port + 2, port + 3, port - 2) if near <= MOST and near != taken)


def streams_url(public_url: str, port: int) -> str:
    """Behind https our proxy hands ``/console/streams`` on; without one it is another port of the same host."""
    public = urlsplit(public_url)
    if public.scheme == "https":
        return f"https://{public.netloc}"
    host = f"[{public.hostname}]" if ":" in (public.hostname or "") else public.hostname
    return f"http://{host}:{port}"
