"""What reaches whom: over real sockets, live and replayed, seen from every side."""
