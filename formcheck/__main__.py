"""`python -m formcheck` is the same as `formcheck`."""

import sys

from formcheck.cli import main

if __name__ == "__main__":
    sys.exit(main())
