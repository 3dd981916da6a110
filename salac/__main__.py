"""`python -m salac` is `salac`."""

import sys

from .cli import main

sys.exit(main())
