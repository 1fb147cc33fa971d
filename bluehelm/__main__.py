"""`python -m bluehelm` is the same as `bluehelm`."""

from bluehelm.cli.main import main

main()
