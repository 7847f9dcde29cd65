"""The load client: a process of its own, on picows, that does less per frame than any server."""
