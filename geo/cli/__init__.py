"""The commands of ``python -m geo``. Each prints one sentence on standard error when it cannot go on."""

from geo.cli import (
    citing,
    exporting,
    linking,
    outputs,
    records,
    translating,
)  # they add their commands to the group
from geo.cli.group import main

__all__ = ["citing", "exporting", "linking", "main", "outputs", "records", "translating"]
