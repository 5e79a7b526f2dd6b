"""The image encoder: a DINOv2-style vision transformer that turns each frame into patch tokens."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .config import Config
from .layers import Block


class PatchProjection(nn.Module):
    """A strided convolution: one token per patch, row by row."""

    def __init__(self, patch: int, dim: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(3, dim, kernel_size=patch, stride=patch)

    def forward(self, images: Tensor) -> Tensor:
        """[n, 3, H, W] → [n, ph·pw, dim]"""
        return self.proj(images).flatten(2).transpose(1, 2)


class PatchEmbed(nn.Module):
    """Frames [n, 3, H, W], normalised, → patch tokens [n, ph·pw, C].

    No q/k norm and no RoPE here; LayerNorm's eps is 1e-6. `mask_token` belongs to training and is only kept.
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        dim = config.embed_dim
        self.patch = config.patch_size
        self.grid = config.pos_grid
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + self.grid**2, dim))
        self.register_tokens = nn.Parameter(torch.zeros(1, config.num_register_tokens, dim))
        self.mask_token = nn.Parameter(torch.zeros(1, dim))
        self.patch_embed = PatchProjection(self.patch, dim)
        self.blocks = nn.ModuleList(Block(dim, config.vit_heads, eps=1e-6) for _ in range(config.vit_depth))
        self.norm = nn.LayerNorm(dim, eps=1e-6)

    def forward(self, images: Tensor) -> Tensor:
        n, _, height, width = images.shape
        x = self.patch_embed(images)
        x = torch.cat([self.cls_token.expand(n, -1, -1), x], dim=1)
        x = x + self.positions(height // self.patch, width // self.patch).to(x.dtype)
        registers = self.register_tokens.expand(n, -1, -1)
        x = torch.cat([x[:, :1], registers, x[:, 1:]], dim=1)
        for block in self.blocks:
            x = block(x)
        return self.norm(x)[:, 1 + registers.shape[1] :]

    def positions(self, rows: int, cols: int) -> Tensor:
        """[1, 1 + rows·cols, C]: the learned square grid, resized (bicubic, antialiased) unless it already fits."""
        if rows == cols == self.grid:
            return self.pos_embed
        table = self.pos_embed.float()
        square = table[:, 1:].reshape(1, self.grid, self.grid, -1).permute(0, 3, 1, 2)
        fitted = nn.functional.interpolate(square, size=(rows, cols), mode="bicubic", antialias=True)
        return torch.cat([table[:, :1], fitted.permute(0, 2, 3, 1).flatten(1, 2)], dim=1)
