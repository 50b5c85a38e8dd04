"""`python -m crmctl`."""

from crmctl.cli.main import main

main()
