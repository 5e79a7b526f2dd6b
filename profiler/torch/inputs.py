"""The images a run sees: made up, a folder of pictures, or a file of RGB bytes that a caller prepared."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from .errors import EXIT_TOOL_MISSING, UserError
from .synthetic import synthetic_images

PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".ppm"}


def read_images(source: str, frames: int, height: int, width: int, seed: int) -> Tensor:
    """uint8 [frames, height, width, 3] from `synthetic`, a folder (its first pictures by name) or a `.rgb` file."""
    if source == "synthetic":
        return synthetic_images(frames, height, width, seed)
    path = Path(source)
    if path.is_dir():
        return read_folder(path, frames, height, width)
    if path.suffix == ".rgb" and path.is_file():
        return read_bytes(path, frames, height, width)
    raise UserError(f"{source}: not a folder of pictures or a .rgb file; give one, or synthetic")


def read_bytes(path: Path, frames: int, height: int, width: int) -> Tensor:
    """A file of frames · height · width · 3 bytes, RGB."""
    expected = frames * height * width * 3
    if path.stat().st_size != expected:
        raise UserError(f"{path}: {path.stat().st_size} bytes, {frames} RGB frames of {width}×{height} are {expected}")
    return torch.frombuffer(bytearray(path.read_bytes()), dtype=torch.uint8).view(frames, height, width, 3)


def read_folder(folder: Path, frames: int, height: int, width: int) -> Tensor:
    """Pictures scaled (bicubic) to cover height × width, the rest cut off evenly."""
    try:
        from PIL import Image, ImageOps
    except ImportError as error:
        message = "reading pictures needs Pillow (pip install pillow); --input synthetic works without it"
        raise UserError(message, EXIT_TOOL_MISSING) from error
    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in PICTURES)[:frames]
    if len(paths) < frames:
        raise UserError(f"{folder}: {len(paths)} pictures, {frames} were asked for; ask for fewer with --frames")
    stacked = []
    for path in paths:
        with Image.open(path) as picture:
            fitted = ImageOps.fit(picture.convert("RGB"), (width, height), Image.Resampling.BICUBIC)
        stacked.append(torch.frombuffer(bytearray(fitted.tobytes()), dtype=torch.uint8).view(height, width, 3))
    return torch.stack(stacked)


def to_device(images: Tensor, device: torch.device) -> Tensor:
    """uint8 [S, H, W, 3] on the host → fp32 [1, S, 3, H, W] in 0…1 on the device. Bytes travel, not floats."""
    return images.to(device).permute(0, 3, 1, 2)[None].float() / 255
