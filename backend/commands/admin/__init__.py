"""`python -m backend admin`: users, their sessions, invites, conversations, and upkeep.

Each is a process of its own that commits like any writer, log rows included; a running server
takes note of them within a second.
"""
