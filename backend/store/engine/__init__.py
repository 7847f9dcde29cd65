"""The database engine: the only place that knows which one it is."""
