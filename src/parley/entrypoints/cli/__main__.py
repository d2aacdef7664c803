"""`python -m parley.entrypoints.cli`: how `parley up` starts its children."""

from parley.entrypoints.cli import main

main()
