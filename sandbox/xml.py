"""The XML of pushes and replies: written as the platform writes it, read without entities."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree

Fields = dict[str, "str | int | Fields | list[Fields]"]
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NotXml(Exception):
    """A body that is not the XML it should be."""


def write(fields: Mapping[str, object]) -> str:
    """`<xml>` with strings as CDATA and numbers bare; a list repeats its element."""
    return f"<xml>{_inside(fields)}</xml>"


def _inside(fields: Mapping[str, object]) -> str:
    return "\n".join(
        f"<{name}>{_value(one)}</{name}>"
        for name, value in fields.items()
        for one in (value if isinstance(value, list) else [value])
    )


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return _inside(value)
    if isinstance(value, int):
        return str(value)
    text = _NOT_XML.sub("", str(value)).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{text}]]>"


def read(text: str) -> ElementTree.Element:
    """The `<xml>` element.

    :raises NotXml: when it is not well-formed, declares entities, or has another root
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise NotXml("entity declarations are not allowed")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as wrong:
        raise NotXml(f"not well-formed: {wrong}") from wrong
    if root.tag != "xml":
        raise NotXml(f"root is <{root.tag}>, not <xml>")
    return root


def text_of(element: ElementTree.Element, path: str) -> str:
    """The text under `path`, '' when it is missing or empty."""
    return element.findtext(path) or ""
