"""The WebSocket side: connections, outbox, hub, presence."""
