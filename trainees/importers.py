"""What can be imported about people: each class in a module of its own."""

from .hour_target_imports import HourTargetImporter

IMPORTERS = [HourTargetImporter]
