"""What a viewer sees of a thing: for everyone, and for one viewer."""

from backend.views import conversation, file, message, user

__all__ = ["conversation", "file", "message", "user"]
