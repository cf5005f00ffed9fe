"""``python -m custtype``: the command line."""

import sys

from custtype.cli import main

if __name__ == "__main__":
    sys.exit(main())
