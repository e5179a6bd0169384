"""XML from outside, read without a document type: no entities of its own, nothing fetched, nothing expanded."""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

_DEEPEST = 50


class UnreadableXml(ValueError):
    """Text that is not well-formed, is nested too deeply, or has a document type."""


def parse(content: bytes) -> Element:
    """The root element, names without namespaces and attributes; UnreadableXml for anything else."""
    tree, parser = TreeBuilder(), expat.ParserCreate(namespace_separator=" ")
    depth = 0

    def start(name: str, _: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise UnreadableXml(f"must be nested at most {_DEEPEST} deep.")
        tree.start(name.rpartition(" ")[2], {})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        tree.end(name.rpartition(" ")[2])

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = tree.data
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise error if isinstance(error, UnreadableXml) else UnreadableXml("must be well-formed XML.") from None
    return tree.close()


def _refuse_document_type(*_: object) -> None:
    raise UnreadableXml("must not have a document type (DOCTYPE).")
