"""The pages of the server, and their files."""

from backend.protocol.errors import Code
from backend.protocol.http.endpoint import Answer, Endpoint, Parameter, Problem

PAGE = "text/html"

PATH = Parameter("path", "path", "the file's path, maybe with slashes", str, True, ".+")
NOT_CHANGED = Answer(304, "it is the one you have, by `If-None-Match`", headers=("ETag",))
NO_FILE = Problem(Code.NOT_FOUND, "there is no such file")


def _page(name: str, path: str, says: str) -> Endpoint:
    return Endpoint(
        name=name,
        method="GET",
        path=path,
        says=says,
        example=f"curl localhost:8000{path}",
        answers=(Answer(200, media=(PAGE,), headers=("ETag",)), NOT_CHANGED),
        reads_database=False,
    )


def _files(name: str, path: str, says: str, of: str) -> Endpoint:
    return Endpoint(
        name=name,
        method="GET",
        path=path,
        says=says,
        example=f"curl localhost:8000{path.replace('{path}', of)}",
        parameters=(PATH,),
        answers=(Answer(200, media=("*/*",), headers=("ETag",)), NOT_CHANGED),
        problems=(NO_FILE,),
        reads_database=False,
    )


INSPECTOR = _page("inspector", "/inspect", "The page for whoever writes a client.")
PAGE_FILE = _files("get_page_file", "/web/{path}", "A file of a page.", "worker.js")
SDK_FILE = _files("get_sdk_file", "/sdk/{path}", "A file of the client library.", "parley.js")

ENDPOINTS = (INSPECTOR, PAGE_FILE, SDK_FILE)
