"""`python -m tests.abuse.attacks MODULE NAME ARGUMENTS`: an attack in a process of its own.

ARGUMENTS is a JSON object; what the attack gives is written to the output as JSON.
"""

import asyncio
import importlib
import json
import os
import sys


def main() -> None:
    """Run it, as a process that leaves the machine to others when they want it."""
    module, name, arguments = sys.argv[1:]
    os.nice(10)
    attack = getattr(importlib.import_module(module), name)
    print(json.dumps(asyncio.run(attack(**json.loads(arguments)))))


if __name__ == "__main__":
    main()
