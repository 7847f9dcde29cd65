"""The headers of answers that say something a client may need."""

HEADERS: dict[str, str] = {
    "Accept-Ranges": "`bytes`",
    "Cache-Control": "how long it may be kept; files: `private, immutable`",
    "Content-Disposition": "the name to save it under, and whether it may be shown in place",
    "Content-Range": "which part this is, of how many bytes",
    "ETag": "changes with the bytes",
    "File-Id": "the file's id, once the upload is whole",
    "Location": "the path of what was made",
    "Retry-After": "seconds after which a retry can help, with `rate_limited`",
    "Set-Cookie": "cookies that are given, or taken away",
    "Tus-Extension": "`creation,expiration`",
    "Tus-Max-Size": "`MAX_FILE_BYTES`",
    "Tus-Resumable": "the version of the tus protocol that is spoken",
    "Tus-Version": "the versions that can be",
    "Upgrade": "`websocket`",
    "Upload-Expires": "when it will be gone, unless a part comes before",
    "Upload-Length": "how many bytes it will have",
    "Upload-Offset": "how many bytes have come",
    "WWW-Authenticate": "`Bearer`",
}
