"""What the dense head is made of: residual units, fusion, the uv embedding and resizing."""

from __future__ import annotations

import torch
from torch import Tensor, nn

RESIZE_LIMIT = 1_610_612_736
"""Elements one resize call may write; above it the kernels' 32-bit index would overflow."""


class ResidualConvUnit(nn.Module):
    """conv2(relu(conv1(relu(x)))) + relu(x).

    The skip carries relu(x), not x: the published weights were trained with an in-place ReLU in front of it.
    Overwrites its input, as upstream does.
    """

    def __init__(self, features: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(features, features, 3, padding=1)
        self.conv2 = nn.Conv2d(features, features, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = x.relu_()
        return self.conv2(self.conv1(x).relu_()) + x


class Fusion(nn.Module):
    """Adds one layer to what came from the coarser one, refines, and brings it to the next layer's size."""

    def __init__(self, features: int, first: bool) -> None:
        super().__init__()
        self.out_conv = nn.Conv2d(features, features, 1)
        self.resConfUnit1 = None if first else ResidualConvUnit(features)
        self.resConfUnit2 = ResidualConvUnit(features)

    def forward(self, coarse: Tensor, layer: Tensor | None, size: tuple[int, int]) -> Tensor:
        """coarse, layer [n, features, h, w] → [n, features, *size]"""
        if self.resConfUnit1 is not None and layer is not None:
            coarse = coarse + self.resConfUnit1(layer)
        return self.out_conv(resize(self.resConfUnit2(coarse), size))


def resize(x: Tensor, size: tuple[int, int]) -> Tensor:
    """Bilinear, corners aligned; cut along the batch where one call would write too much."""
    parts = -(-x.shape[0] * x.shape[1] * size[0] * size[1] // RESIZE_LIMIT)
    if parts <= 1:
        return nn.functional.interpolate(x, size=size, mode="bilinear", align_corners=True)
    pieces = [nn.functional.interpolate(p, size=size, mode="bilinear", align_corners=True) for p in x.chunk(parts)]
    return torch.cat(pieces).contiguous()


def uv_embedding(rows: int, cols: int, channels: int, aspect: float, like: Tensor) -> Tensor:
    """[channels, rows, cols]: sines and cosines of where each cell lies in an image of that aspect (width / height).

    The image is scaled to a diagonal of 2; cell centres run from −span·(n−1)/n to +span·(n−1)/n. First half of the
    channels for x, second for y; frequencies 100^(−k / (channels/4)), worked out in float64.
    """
    diagonal = (1 + aspect**2) ** 0.5
    axes = []
    for n, span in ((cols, aspect / diagonal), (rows, 1 / diagonal)):
        edge = span * (n - 1) / n
        axes.append(torch.linspace(-edge, edge, n, dtype=like.dtype, device=like.device))
    quarter = channels // 4
    omega = 100.0 ** -(torch.arange(quarter, dtype=torch.float64, device=like.device) / quarter)
    x, y = (axis.double()[:, None] * omega for axis in axes)
    x, y = (torch.cat([angle.sin(), angle.cos()], dim=1).to(like.dtype) for angle in (x, y))
    return torch.cat([x[None].expand(rows, -1, -1), y[:, None].expand(-1, cols, -1)], dim=-1).permute(2, 0, 1)
