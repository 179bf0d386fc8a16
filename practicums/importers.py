"""What can be imported about practice: each class in a module of its own."""

from .case_imports import CaseImporter
from .secondment_imports import SecondmentImporter

IMPORTERS = [CaseImporter, SecondmentImporter]
