"""python -m circuitcli"""

from circuitcli.cli import main

main()
