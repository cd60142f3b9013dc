"""`python -m website.lint`."""

import sys

from website.lint import main

sys.exit(main())
