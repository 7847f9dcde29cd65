"""Every route there is, in the order of the docs."""

from backend.protocol.http import account, dev, docs, files, pages, server, session, tus
from backend.protocol.http.endpoint import Endpoint

SECTIONS: dict[str, tuple[Endpoint, ...]] = {
    "Accounts and sessions": (*session.ENDPOINTS, *account.ENDPOINTS),
    "Files": files.ENDPOINTS,
    "Files in parts": tus.ENDPOINTS,
    "The server": server.ENDPOINTS,
    "For who writes a client": dev.ENDPOINTS,
    "Pages": (*pages.ENDPOINTS, *docs.ENDPOINTS),
}
ENDPOINTS = tuple(each for section in SECTIONS.values() for each in section)
