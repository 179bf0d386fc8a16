"""Whether a .docx may be a template: nothing in it runs, leads out of it or unpacks without end,
and each of its fields is one that the portal fills.

Source: docs/rules.md R57.
"""

import io
import zipfile
from zlib import error as BrokenStream  # noqa: N812

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from academy.errors import PortalError

from ..models import PaperKind
from .fields import FIELDS

LARGEST_FILE = 2 * 1024 * 1024  # bytes
LARGEST_UNPACKED = 20 * 1024 * 1024
MOST_PARTS = 300
RUNS_CODE = ("vbaproject", "vbadata")
HOLDS_OTHERS = ("/embeddings/", "/activex/", "oleobject", "/afchunk", "/customui/")
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
)


class TemplateRefused(PortalError):
    """A file that is not taken as a template. Nothing of it is kept."""


def fields_used(content: bytes, kind: PaperKind) -> list[str]:
    """Return the fields that the template names, sorted: `owner`, `items.name`.

    Raises TemplateRefused with a sentence.
    """
    parts = _parts(content)
    _refuse_what_is_not_text(parts)
    found: set[str] = set()
    for text in _templates(content):
        found |= _fields(text, kind)
    if not found:
        raise TemplateRefused(
            _("The file names no field, so every paper would be the same. Write {{ owner }} or so.")
        )
    return sorted(found)


def _parts(content: bytes) -> dict[str, bytes]:
    """The parts, unpacked no further than the limits."""
    if len(content) > LARGEST_FILE:
        raise TemplateRefused(
            _("The file is larger than 2 MB. Take pictures out of it or make them smaller.")
        )
    parts, total = {}, 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
            if len(listed) > MOST_PARTS:
                raise _too_much()
            for part in listed:
                with archive.open(part) as stream:
                    parts[part.filename] = stream.read(LARGEST_UNPACKED - total + 1)
                total += len(parts[part.filename])
                if total > LARGEST_UNPACKED:
                    raise _too_much()
    except (
        zipfile.BadZipFile,
        BrokenStream,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        EOFError,
    ) as error:
        raise _no_document() from error
    return parts


def _refuse_what_is_not_text(parts: dict[str, bytes]) -> None:
    names = [f"/{name.lower()}" for name in parts]
    kinds = parts.get("[Content_Types].xml", b"")
    if any(word in name for name in names for word in RUNS_CODE) or b"macroEnabled" in kinds:
        raise TemplateRefused(
            _("The file holds macros. Save it as a Word document (.docx) without macros.")
        )
    if "[Content_Types].xml" not in parts or "word/document.xml" not in parts:
        raise _no_document()
    if any(word in name for name in names for word in HOLDS_OTHERS):
        raise TemplateRefused(
            _("Another file is embedded in it. Take it out, or paste it as text or a picture.")
        )
    for name, text in parts.items():
        if not name.endswith((".xml", ".rels")):
            continue
        try:
            tree = ElementTree.fromstring(text, forbid_dtd=True)
        except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError) as error:
            raise _no_document() from error
        if name.endswith(".rels"):
            for link in tree.iter():
                if link.get("TargetMode", "").lower() == "external":
                    raise TemplateRefused(
                        _("The file leads to %(address)s. Remove links and linked pictures.")
                        % {"address": link.get("Target", "")[:80]}
                    )


def _templates(content: bytes) -> list[str]:
    """What is filled: the text, headers and footers, footnotes and the properties."""
    try:
        document = DocxTemplate(io.BytesIO(content))
        document.init_docx()
        texts = [document.patch_xml(document.get_xml())]
        for uri in (document.HEADER_URI, document.FOOTER_URI):
            for _key, part in document.get_headers_footers(uri):
                texts.append(document.patch_xml(document.get_part_xml(part)))
    except Exception as error:  # a package that is none fails in many ways
        raise _no_document() from error
    properties = document.docx.core_properties
    told = (getattr(properties, name) for name in ("author", "comments", "subject", "title"))
    if any(mark in str(text) for text in told for mark in ("{{", "{%")):
        raise TemplateRefused(_("A field stands in the properties of the file. Remove it there."))
    return texts


def _fields(text: str, kind: PaperKind) -> set[str]:
    try:
        tree = SandboxedEnvironment(autoescape=True).parse(text)
    except TemplateSyntaxError as error:
        raise TemplateRefused(
            _("A field is not closed, or is written wrongly: %(what)s") % {"what": error.message}
        ) from error
    own, rows, of_row = FIELDS[kind]
    found: set[str] = set()
    _walk(tree, dict.fromkeys(own, ""), (rows, of_row), "", found)
    return found


def _walk(node, known: dict, rows: tuple, loop: str, found: set[str]) -> None:
    """Go through the template; anything but a field and one loop over the rows is refused."""
    if not isinstance(node, ALLOWED):
        raise TemplateRefused(
            _("Only fields and one loop over the rows are filled; “%(what)s” is neither.")
            % {"what": type(node).__name__}
        )
    name, fields = rows
    if isinstance(node, nodes.For):
        simple = (
            isinstance(node.target, nodes.Name)
            and isinstance(node.iter, nodes.Name)
            and not (node.test or node.recursive or node.else_ or loop)
        )
        if not simple or node.iter.name != name:
            raise TemplateRefused(
                _("A loop goes over %(rows)s alone, and not within another.") % {"rows": name}
            )
        for child in node.body:
            _walk(child, known, rows, node.target.name, found)
    elif isinstance(node, nodes.Getattr):
        if not (isinstance(node.node, nodes.Name) and loop and node.node.name == loop):
            raise _unknown(_written(node))
        if node.attr not in fields:
            raise _unknown(_written(node))
        found.add(f"{name}.{node.attr}")
    elif isinstance(node, nodes.Name):
        if node.name not in known or node.name == loop:
            raise _unknown(node.name)
        found.add(node.name)
    else:
        for child in node.iter_child_nodes():
            _walk(child, known, rows, loop, found)


def _written(node) -> str:
    return f"{_written(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) else node.name


def _unknown(name: str) -> TemplateRefused:
    return TemplateRefused(
        _("The portal does not know the field “%(name)s”. The fields that it fills stand below.")
        % {"name": name[:80]}
    )


def _too_much() -> TemplateRefused:
    return TemplateRefused(_("The file unpacks to more than 20 MB. Save it anew as .docx."))


def _no_document() -> TemplateRefused:
    return TemplateRefused(
        _("This is no Word document (.docx) that can be opened. Save it again and choose it anew.")
    )
