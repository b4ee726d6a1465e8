"""Lets `python3 -m app COMMAND` prepare a bare machine and run, with the standard library alone."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # this file is read by whatever Python the machine has
    sys.exit("Saluran needs Python 3.11 or newer; this is Python " + sys.version.split()[0] + ".")

from app.bootstrap.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
