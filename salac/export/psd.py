"""Photoshop documents, through the record classes of psd-tools.

Its layer classes would do as well, but they store transparency as masks in a document without an alpha channel, and
compose the picture anew on saving, which at 4,096 px takes seconds and gigabytes and is known already.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from psd_tools.constants import BlendMode, ColorMode, Compression, SectionDivider, Tag
from psd_tools.psd import PSD
from psd_tools.psd.header import FileHeader
from psd_tools.psd.image_data import ImageData
from psd_tools.psd.image_resources import ImageResources
from psd_tools.psd.layer_and_mask import (
    ChannelData,
    ChannelDataList,
    ChannelImageData,
    ChannelInfo,
    GlobalLayerMaskInfo,
    LayerAndMaskInformation,
    LayerInfo,
    LayerRecord,
    LayerRecords,
)
from psd_tools.psd.tagged_blocks import TaggedBlocks

from ..errors import OutputError
from ..image import whole_file
from ..types import Colorization
from .layers import GroupEnd, GroupStart, Layer, layers

LONGEST_SIDE = 30_000
"""What the format allows, px."""
BLENDS = {"normal": BlendMode.NORMAL, "multiply": BlendMode.MULTIPLY, "screen": BlendMode.SCREEN}
ALPHA_RED_GREEN_BLUE = (-1, 0, 1, 2)
"""Ids of a layer's channels, in the order in which Photoshop writes them."""


def save_psd(result: Colorization, path: str | os.PathLike[str], *, overwrite: bool = True) -> None:
    """Write a colorization as a Photoshop document.

    Raises:
        OutputError: it cannot be written; an older file of that name is left as it was.
    """
    height, width = result.sketch.shape
    if max(height, width) > LONGEST_SIDE:
        raise OutputError(f"a PSD ends at {LONGEST_SIDE} px a side, the drawing is {width}x{height}: choose .ora")
    records, data = LayerRecords(), ChannelImageData()
    for entry in layers(result):
        record, channels = _layer(entry) if isinstance(entry, Layer) else _divider(entry)
        records.append(record)
        data.append(channels)
    header = FileHeader(channels=3, height=height, width=width, depth=8, color_mode=ColorMode.RGB)
    preview = ImageData(compression=Compression.RLE)
    preview.set_data(_planes(result.image), header)
    document = PSD(
        header=header,
        image_resources=ImageResources.new(),
        layer_and_mask_information=LayerAndMaskInformation(
            layer_info=LayerInfo(layer_count=len(records), layer_records=records, channel_image_data=data),
            global_layer_mask_info=GlobalLayerMaskInfo(),
            tagged_blocks=TaggedBlocks(),
        ),
        image_data=preview,
    )
    with whole_file(path, overwrite=overwrite) as file:
        document.write(file)


def _layer(layer: Layer) -> tuple[LayerRecord, ChannelDataList]:
    height, width = layer.pixels.shape[:2]
    red, green, blue, alpha = _planes(layer.pixels)
    channels = ChannelDataList()
    for plane in (alpha, red, green, blue):
        channel = ChannelData(compression=Compression.RLE)
        channel.set_data(plane, width, height, 8)
        channels.append(channel)
    record = _record(layer.name, channels)
    record.top, record.left, record.bottom, record.right = layer.top, layer.left, layer.top + height, layer.left + width
    record.blend_mode = BLENDS[layer.blend]
    return record, channels


def _divider(entry: GroupStart | GroupEnd) -> tuple[LayerRecord, ChannelDataList]:
    """A record without pixels: below the first layer of a group, or above its last."""
    channels = ChannelDataList([ChannelData() for _ in ALPHA_RED_GREEN_BLUE])  # type: ignore[misc]
    record = _record(entry.name if isinstance(entry, GroupEnd) else "</Layer group>", channels)
    kind = SectionDivider.OPEN_FOLDER if isinstance(entry, GroupEnd) else SectionDivider.BOUNDING_SECTION_DIVIDER
    record.tagged_blocks.set_data(Tag.SECTION_DIVIDER_SETTING, kind)
    return record, channels


def _record(name: str, channels: ChannelDataList) -> LayerRecord:
    info = [
        ChannelInfo(id=number, length=len(channel.data) + 2)
        for number, channel in zip(ALPHA_RED_GREEN_BLUE, channels, strict=True)
    ]
    record = LayerRecord(name=name, channel_info=info)
    record.tagged_blocks.set_data(Tag.UNICODE_LAYER_NAME, name)
    return record


def _planes(pixels: npt.NDArray[np.uint8]) -> Sequence[bytes]:
    return [pixels[..., channel].tobytes() for channel in range(pixels.shape[2])]
