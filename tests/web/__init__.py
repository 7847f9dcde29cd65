"""What runs in pages: the client library, held to the same promises as the server."""
