"""The aggregator: attention inside each frame and over all frames, in turn.

images ─ normalise ─ patch embed ─┬─ frame block 0 ─ global block 0 ─┬─ frame block 1 ─ …
                                  │                                  └─ concat → layers[0]
         camera + register tokens ┘
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .config import Config
from .layers import Block
from .patch_embed import PatchEmbed
from .rope import Rope, TokenGrid, frame_positions

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Scene:
    """The two groupings of one batch's tokens."""

    frame: TokenGrid
    """B·S groups of P tokens."""
    whole: TokenGrid
    """B groups of S·P tokens."""


class Aggregator(nn.Module):
    """Images [B, S, 3, H, W] in [0, 1] → one [B, S, P, 2C] per pair of blocks: (frame's output, global's output).

    `run_frame`, `run_global` and `embed` are the seams: a variant replaces one on the instance, and the phase's
    range is put around whatever stands there.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        dim = config.embed_dim
        self.patch_embed = PatchEmbed(config)
        rope = Rope(config.rope_freq)
        self.frame_blocks = nn.ModuleList(
            Block(dim, config.num_heads, qk_norm=True, rope=rope) for _ in range(config.depth)
        )
        self.global_blocks = nn.ModuleList(
            Block(dim, config.num_heads, qk_norm=True, rope=rope) for _ in range(config.depth)
        )
        self.camera_token = nn.Parameter(torch.zeros(1, 2, 1, dim))
        self.register_token = nn.Parameter(torch.zeros(1, 2, config.num_register_tokens, dim))
        self.keep: frozenset[int] | None = None
        """Pairs whose output is kept; None keeps all of them, as upstream did until 2025."""
        self.register_buffer("mean", torch.empty(1, 1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.empty(1, 1, 3, 1, 1), persistent=False)
        self.reset_constants()

    def reset_constants(self) -> None:
        """Fills the buffers that no weight file holds; call it after `to_empty`."""
        for buffer, values in ((self.mean, IMAGENET_MEAN), (self.std, IMAGENET_STD)):
            buffer.copy_(torch.tensor(values).view_as(buffer))

    def forward(self, images: Tensor) -> list[Tensor | None]:
        b, s, _, height, width = images.shape
        patches = self.embed(((images - self.mean) / self.std).flatten(0, 1))
        x = torch.cat([self.special_tokens(b, s), patches.unflatten(0, (b, s))], dim=2)
        scene = self.scene(b, s, height // self.config.patch_size, width // self.config.patch_size, x.device)
        layers: list[Tensor | None] = []
        for i in range(self.config.depth):
            x = framed = self.run_frame(i, x, scene)
            x = self.run_global(i, x, scene)
            kept = self.keep is None or i in self.keep
            layers.append(torch.cat([framed, x], dim=-1) if kept else None)
        return layers

    def embed(self, images: Tensor) -> Tensor:
        """Normalised frames [n, 3, H, W] → [n, ph·pw, C]."""
        return self.patch_embed(images)

    def run_frame(self, i: int, x: Tensor, scene: Scene) -> Tensor:
        """Frame block i over x [B, S, P, C]: all frames in one call, each attending to itself."""
        return self.frame_blocks[i](x.flatten(0, 1), scene.frame).view_as(x)

    def run_global(self, i: int, x: Tensor, scene: Scene) -> Tensor:
        """Global block i over x [B, S, P, C]: every token attends to all of its scene."""
        return self.global_blocks[i](x.flatten(1, 2), scene.whole).view_as(x)

    def special_tokens(self, b: int, s: int) -> Tensor:
        """[B, S, 5, C]: camera and register tokens; the first frame of a scene has its own, the others share one."""
        both = torch.cat([self.camera_token, self.register_token], dim=2)
        first, rest = both[:, :1], both[:, 1:]
        return torch.cat([first.expand(b, 1, -1, -1), rest.expand(b, s - 1, -1, -1)], dim=1)

    def scene(self, b: int, s: int, rows: int, cols: int, device: torch.device) -> Scene:
        """Where every token of the batch sits, for both kinds of block."""
        special = self.config.patch_start
        one = frame_positions(rows, cols, special, device)
        return Scene(
            frame=TokenGrid(one.expand(b * s, -1, -1), 1, rows, cols, special, whole=False),
            whole=TokenGrid(one.repeat(s, 1).expand(b, -1, -1), s, rows, cols, special, whole=True),
        )
