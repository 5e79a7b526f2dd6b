"""The numbers that make one VGGT: sizes, depths and which layers the heads read."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Config:
    """One model. The defaults are the published 1.26 G-parameter model, `1b`."""

    img_size: int = 518
    """Side in px of the square image that the position embedding was made for: (img_size / patch_size)² positions."""
    patch_size: int = 14
    embed_dim: int = 1024
    depth: int = 24
    """Pairs of a frame block and a global block."""
    num_heads: int = 16
    vit_depth: int = 24
    vit_heads: int = 16
    num_register_tokens: int = 4
    rope_freq: float = 100.0
    dpt_layers: tuple[int, ...] = (4, 11, 17, 23)
    """The four pairs whose output the dense heads read."""
    dpt_features: int = 256
    dpt_out_channels: tuple[int, ...] = (256, 512, 1024, 1024)
    cam_trunk_depth: int = 4
    cam_heads: int = 16
    cam_iters: int = 4
    track_head: bool = True
    """Whether the track head's parameters are there (they are loaded, never run)."""

    def __post_init__(self) -> None:
        if len(self.dpt_layers) != 4 or len(self.dpt_out_channels) != 4:
            raise ValueError("dpt_layers and dpt_out_channels: the dense heads fuse exactly 4 layers each")
        if max(self.dpt_layers) >= self.depth or min(self.dpt_layers) < 0:
            raise ValueError(f"dpt_layers {self.dpt_layers}: the model has pairs 0 to {self.depth - 1}")
        if self.embed_dim % self.num_heads or (self.embed_dim // self.num_heads) % 4:
            raise ValueError(f"embed_dim {self.embed_dim}: 2-D RoPE needs {self.num_heads} heads of a multiple of 4")

    @property
    def patch_start(self) -> int:
        """Index of a frame's first patch token: behind one camera token and the registers."""
        return 1 + self.num_register_tokens

    @property
    def pos_grid(self) -> int:
        """Side of the square grid of learned positions (37 for 518 px)."""
        return self.img_size // self.patch_size


CONFIGS: dict[str, Config] = {
    "tiny": Config(
        img_size=84, embed_dim=64, depth=4, num_heads=4, vit_depth=2, vit_heads=4, dpt_layers=(0, 1, 2, 3),
        dpt_features=32, dpt_out_channels=(16, 32, 64, 64), cam_trunk_depth=2, cam_heads=4, track_head=False,
    ),
    "small": Config(
        embed_dim=384, depth=12, num_heads=6, vit_depth=12, vit_heads=6, dpt_layers=(2, 5, 8, 11),
        dpt_features=64, dpt_out_channels=(48, 96, 192, 384), cam_trunk_depth=2, cam_heads=6, track_head=False,
    ),
    "1b": Config(),
}  # fmt: skip


def config_from(raw: dict[str, Any], where: str) -> Config:
    """A model from a `config.json`'s keys; `track_head` may be left out (false), keys of other things are let be.

    Raises ValueError, one line, on a missing key: a default there would quietly be another model.
    """
    names = [field.name for field in fields(Config) if field.name != "track_head"]
    missing = [name for name in names if name not in raw]
    if missing:
        raise ValueError(f"{where}: no {', '.join(missing)}; a config states every size of its model")
    values = {name: tuple(raw[name]) if isinstance(raw[name], list) else raw[name] for name in names}
    try:
        return Config(**values, track_head=bool(raw.get("track_head", False)))
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
