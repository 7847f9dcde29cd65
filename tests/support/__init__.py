"""What tests share: a server as a process, and a client to talk to it."""
