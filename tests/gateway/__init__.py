"""The gateway: how sockets open and close."""
