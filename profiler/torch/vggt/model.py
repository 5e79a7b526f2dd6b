"""VGGT: images in, camera poses, depth and world points out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import torch
from torch import Tensor, nn

from .aggregator import Aggregator
from .camera_head import CameraHead
from .config import Config
from .dpt_head import DptHead, signed_expm1
from .track_head import TrackHead

Outputs = dict[str, Tensor]


class VGGT(nn.Module):
    """The inference graph without tracking. Weights are fp32; the caller chooses autocast, as upstream's users do."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.aggregator = Aggregator(config)
        self.camera_head = CameraHead(config)
        self.point_head: DptHead | None = DptHead(config, 4, signed_expm1)
        self.depth_head = DptHead(config, 2, torch.exp)
        self.track_head = TrackHead(config) if config.track_head else None
        self.heads_precision: Callable[[torch.device], AbstractContextManager[object]] = full_precision

    def forward(self, images: Tensor, golden: bool = False) -> Outputs:
        """images [B, S, 3, H, W] or [S, 3, H, W], RGB in [0, 1], H and W multiples of the patch (14 px).

        → pose_enc [B, S, 9] · depth [B, S, H, W, 1] · world_points [B, S, H, W, 3] · depth_conf,
        world_points_conf [B, S, H, W]; `golden` adds what golden files hold beside: tokens_0, tokens_last
        [B, S, P, 2C], pose_enc_iter0.
        """
        images = self.checked(images)
        layers = self.aggregator(images)
        with self.heads_precision(images.device):
            poses, out = self.heads(layers, images.shape[-2], images.shape[-1])
        if golden:
            out |= {"tokens_0": layers[0], "tokens_last": layers[-1], "pose_enc_iter0": poses[0]}
        return out

    def heads(self, layers: list[Tensor | None], height: int, width: int) -> tuple[list[Tensor], Outputs]:
        """Runs every head on the aggregator's layers → (every round's pose, outputs)."""
        poses = self.camera_head(layers[-1])
        out: Outputs = {"pose_enc": poses[-1]}
        out["depth"], out["depth_conf"] = self.depth_head(layers, height, width)
        if self.point_head is not None:
            out["world_points"], out["world_points_conf"] = self.point_head(layers, height, width)
        return poses, out

    def checked(self, images: Tensor) -> Tensor:
        """[B, S, 3, H, W], or a ValueError that says what is wrong with the shape."""
        images = images[None] if images.dim() == 4 else images
        patch = self.config.patch_size
        if images.dim() != 5 or images.shape[2] != 3 or images.shape[-1] % patch or images.shape[-2] % patch:
            raise ValueError(f"images {tuple(images.shape)}: expected [B, S, 3, H, W], H and W multiples of {patch}")
        return images


def full_precision(device: torch.device) -> AbstractContextManager[object]:
    """What upstream runs its heads under: autocast off, so fp32."""
    return torch.autocast(device.type, enabled=False)
