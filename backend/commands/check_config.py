"""`python -m backend check-config`: the settings as the server would take them."""

import msgspec

from backend.settings import SECRETS, Settings


def check_config(settings: Settings) -> int:
    """Print every setting, secrets as dots; bad ones have stopped the command before."""
    for field in msgspec.structs.fields(settings):
        value = getattr(settings, field.name)
        if isinstance(value, tuple):
            value = ",".join(value)
        if field.encode_name in SECRETS and value:
            value = "…"
        print(f"{field.encode_name}={value}")
    return 0
