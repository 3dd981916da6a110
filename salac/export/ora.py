"""OpenRaster files, which Krita, GIMP and MyPaint read: https://www.openraster.org/baseline/file-layout-spec.html."""

from __future__ import annotations

import io
import os
import zipfile
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
from PIL import Image

from ..image import whole_file
from ..types import Colorization
from .layers import GroupEnd, GroupStart, Layer, layers

MIMETYPE = "image/openraster"
THUMBNAIL = 256
"""Side of the thumbnail, px: the largest that the format allows."""
BLENDS = {"normal": "svg:src-over", "multiply": "svg:multiply", "screen": "svg:screen"}


def save_ora(result: Colorization, path: str | os.PathLike[str], *, overwrite: bool = True) -> None:
    """Write a colorization as an OpenRaster file.

    Raises:
        OutputError: it cannot be written; an older file of that name is left as it was.
    """
    height, width = result.sketch.shape
    image = ElementTree.Element("image", version="0.0.5", w=str(width), h=str(height))
    parents = [ElementTree.SubElement(image, "stack")]
    # PNG is compressed already, and the format asks for a mimetype that is not.
    with whole_file(path, overwrite=overwrite) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mimetype", MIMETYPE)
        count = 0
        for entry in layers(result):
            # The first child of a stack lies on top.
            if isinstance(entry, GroupStart):
                stack = ElementTree.Element("stack", isolation="isolate")
                parents[-1].insert(0, stack)
                parents.append(stack)
            elif isinstance(entry, GroupEnd):
                parents.pop().set("name", entry.name)
            else:
                count += 1
                source = f"data/{count:03}.png"
                archive.writestr(source, _png(entry.pixels))
                parents[-1].insert(0, ElementTree.Element("layer", _attributes(entry, source)))
        archive.writestr("stack.xml", ElementTree.tostring(image, "UTF-8", xml_declaration=True))
        archive.writestr("mergedimage.png", _png(result.image))
        thumbnail = Image.fromarray(result.image)
        thumbnail.thumbnail((THUMBNAIL, THUMBNAIL))
        encoded = io.BytesIO()
        thumbnail.save(encoded, "PNG")
        archive.writestr("Thumbnails/thumbnail.png", encoded.getvalue())


def _attributes(layer: Layer, source: str) -> dict[str, str]:
    return {
        "name": layer.name,
        "src": source,
        "x": str(layer.left),
        "y": str(layer.top),
        "opacity": "1.0",
        "visibility": "visible",
        "composite-op": BLENDS[layer.blend],
    }


def _png(pixels: npt.NDArray[np.uint8]) -> bytes:
    encoded = io.BytesIO()
    # Large layers of few colors: the quickest setting costs a few percent of size and saves most of the time.
    Image.fromarray(pixels).save(encoded, "PNG", compress_level=1)
    return encoded.getvalue()
