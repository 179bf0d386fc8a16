"""Certificates and statements as a PDF, written by a process of its own (`writer.py`)."""

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from academy.errors import PortalError

from .tables import TablePaper
from .wording import Paper

FONTS = Path(settings.BASE_DIR) / "node_modules" / "@embedpdf"  # by `npm ci`, docs/deploy.md
NEEDED = ("fonts-sc/fonts/NotoSansHans-Regular.otf", "fonts-jp/fonts/NotoSansJP-Regular.otf")
MOST = 120  # sheets of one file; 60 take about 4 s
SECONDS = 30  # after which the writer is ended
logger = logging.getLogger(__name__)


class PdfNotMade(PortalError):
    """The file cannot be written; the page can be printed instead."""


def fonts_are_here() -> bool:
    """Whether everything is installed that the PDF is written with."""
    return all((FONTS / name).is_file() for name in NEEDED)


def pdf_of(papers: Sequence[Paper]) -> bytes:
    """One sheet for each paper. Raises PdfNotMade."""
    if len(papers) > MOST:
        raise PdfNotMade(
            _("At most %(most)d certificates in one file: choose fewer.") % {"most": MOST}
        )
    return _written({"papers": [asdict(paper) for paper in papers]})


def table_pdf_of(paper: TablePaper) -> bytes:
    """A paper of tables on as many sheets as it takes. Raises PdfNotMade."""
    return _written({"paper": asdict(paper)})


def _written(asked: dict) -> bytes:
    if not fonts_are_here():
        raise PdfNotMade(
            _(
                "The PDF cannot be made: its fonts are not installed on the server. Print the page"
                " instead, and tell the academy office."
            )
        )
    try:
        done = subprocess.run(  # our own module, nothing of the request in the command
            [sys.executable, "-m", "trainees.certificates.writer"],
            input=json.dumps({"fonts": str(FONTS)} | asked).encode(),
            cwd=settings.BASE_DIR,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        # what the writer said may hold names
        logger.error("The writer of certificates failed: %s", type(error).__name__)
        raise PdfNotMade(
            _("The PDF could not be made just now. Print the page instead, or try again later.")
        ) from None
    return done.stdout
