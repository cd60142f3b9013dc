"""`python -m website build` and `python -m website serve`."""

import argparse
import sys
from pathlib import Path

from website import ROOT
from website.build import SITE_URL, build_and_tell
from website.serve import serve


def main() -> int:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(prog="python -m website")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("build", help="build the site in three languages")
    one.add_argument("--out", type=Path, default=ROOT / "site")
    one.add_argument("--site-url", default=SITE_URL)
    two = commands.add_parser("serve", help="build, serve, build on change")
    two.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    if arguments.command == "serve":
        return serve(arguments.port)
    site_url = arguments.site_url.rstrip("/") + "/"
    return 0 if build_and_tell(arguments.out.resolve(), site_url) else 1


if __name__ == "__main__":
    sys.exit(main())
