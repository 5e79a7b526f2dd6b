"""The dense heads (depth, points): from four layers of tokens to one value per pixel and a confidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from .config import Config
from .dpt_parts import Fusion, resize, uv_embedding

Activation = Callable[[Tensor], Tensor]


def signed_expm1(y: Tensor) -> Tensor:
    """sign(y)·(e^|y| − 1): the inverse of a signed log; points."""
    return torch.sign(y) * torch.expm1(torch.abs(y))


class DptTrunk(nn.Module):
    """The pyramid both dense heads and the track head's feature extractor share.

    `tail` is output_conv1's width; `outputs` the channels behind output_conv2, 0 where there is none.
    """

    def __init__(self, config: Config, features: int, tail: int, outputs: int) -> None:
        super().__init__()
        dim = 2 * config.embed_dim
        widths = config.dpt_out_channels
        self.norm = nn.LayerNorm(dim)
        self.projects = nn.ModuleList(nn.Conv2d(dim, width, 1) for width in widths)
        self.resize_layers = nn.ModuleList([
            nn.ConvTranspose2d(widths[0], widths[0], 4, stride=4),
            nn.ConvTranspose2d(widths[1], widths[1], 2, stride=2),
            nn.Identity(),
            nn.Conv2d(widths[3], widths[3], 3, stride=2, padding=1),
        ])  # fmt: skip
        self.scratch = nn.Module()
        for j, width in enumerate(widths, start=1):
            self.scratch.add_module(f"layer{j}_rn", nn.Conv2d(width, features, 3, padding=1, bias=False))
            self.scratch.add_module(f"refinenet{j}", Fusion(features, first=j == 4))
        self.scratch.output_conv1 = nn.Conv2d(features, tail, 3, padding=1)
        if outputs:
            self.scratch.output_conv2 = nn.Sequential(
                nn.Conv2d(tail, 32, 3, padding=1), nn.ReLU(inplace=True), nn.Conv2d(32, outputs, 1)
            )


class DptHead(DptTrunk):
    """Layers of tokens, each [B, S, P, 2C] → values [B, S, H, W, outputs−1] and confidence [B, S, H, W] (≥ 1)."""

    def __init__(self, config: Config, outputs: int, activation: Activation) -> None:
        super().__init__(config, config.dpt_features, config.dpt_features // 2, outputs)
        self.config = config
        self.activation = activation
        self.chunk = 8
        """Frames per pass, as upstream: 101 frames are 13 passes."""

    def forward(self, layers: Sequence[Tensor | None], height: int, width: int) -> tuple[Tensor, Tensor]:
        used = [layers[i] for i in self.config.dpt_layers]
        frames = used[0].shape[1]
        parts = [self.some(used, at, at + self.chunk, height, width) for at in range(0, frames, self.chunk)]
        if len(parts) == 1:
            return parts[0]
        values, confidence = zip(*parts, strict=True)
        return torch.cat(values, dim=1), torch.cat(confidence, dim=1)

    def some(self, used: list[Tensor], start: int, stop: int, height: int, width: int) -> tuple[Tensor, Tensor]:
        """The frames start ≤ s < stop."""
        rows, cols = height // self.config.patch_size, width // self.config.patch_size
        b = used[0].shape[0]
        pyramid = []
        for j, tokens in enumerate(used):
            x = self.norm(tokens[:, start:stop, self.config.patch_start :].flatten(0, 1))
            x = self.projects[j](x.transpose(1, 2).unflatten(2, (rows, cols)))
            x = self.resize_layers[j](add_uv(x, width / height))
            pyramid.append(self.scratch.get_submodule(f"layer{j + 1}_rn")(x))
        x = self.fuse(pyramid)
        x = resize(self.scratch.output_conv1(x), (rows * self.config.patch_size, cols * self.config.patch_size))
        x = self.scratch.output_conv2(add_uv(x, width / height))
        x = x.permute(0, 2, 3, 1).unflatten(0, (b, -1))
        return self.activation(x[..., :-1]), 1 + x[..., -1].exp()

    def fuse(self, pyramid: list[Tensor]) -> Tensor:
        """From the coarsest layer up: 4 → 3 → 2 → 1, the last one doubled in size."""
        x, layer = pyramid[3], None
        for j in (4, 3, 2, 1):
            layer = None if j == 4 else pyramid[j - 1]
            size = pyramid[j - 2].shape[-2:] if j > 1 else tuple(2 * n for n in pyramid[0].shape[-2:])
            x = self.scratch.get_submodule(f"refinenet{j}")(x, layer, size)
        return x


def add_uv(x: Tensor, aspect: float) -> Tensor:
    """x [n, channels, h, w] plus a tenth of the uv embedding."""
    return x + 0.1 * uv_embedding(x.shape[-2], x.shape[-1], x.shape[1], aspect, x)
