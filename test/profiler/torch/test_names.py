"""The model has the official state_dict's tensors, and no others."""

import json
import os
import unittest
from pathlib import Path

import torch
from torch import nn

from profiler.torch.flops import aggregator_flop
from profiler.torch.vggt import CONFIGS, VGGT

SHARED = os.environ.get("PARALLAX_SHARED")


def model_1b() -> VGGT:
    """The published size, without values."""
    with torch.device("meta"):
        return VGGT(CONFIGS["1b"])


class Names(unittest.TestCase):
    @unittest.skipUnless(SHARED, "PARALLAX_SHARED is not set: the official list of names is not at hand")
    def test_all_1797_names_and_shapes_are_the_official_ones(self) -> None:
        listed = json.loads((Path(SHARED or "") / "vggt" / "state_dict_shapes.json").read_text())
        self.assertEqual({name: list(t.shape) for name, t in model_1b().state_dict().items()}, dict(listed))
        self.assertEqual(len(listed), 1797)

    def test_each_part_has_the_published_number_of_parameters(self) -> None:
        counts: dict[str, int] = {}
        for name, parameter in model_1b().named_parameters():
            part = ".".join(name.split(".")[: 2 if name.startswith(("aggregator", "track")) else 1])
            counts[part] = counts.get(part, 0) + parameter.numel()
        self.assertEqual(
            counts,
            {
                "aggregator.patch_embed": 304_372_736,
                "aggregator.frame_blocks": 302_364_672,
                "aggregator.global_blocks": 302_364_672,
                "aggregator.camera_token": 2_048,
                "aggregator.register_token": 8_192,
                "camera_head": 216_174_610,
                "point_head": 32_654_628,
                "depth_head": 32_654_562,
                "track_head.feature_extractor": 22_834_048,
                "track_head.tracker": 43_107_348,
            },
        )

    def test_the_encoder_norms_with_1e_minus_6_and_the_rest_with_1e_minus_5(self) -> None:
        """Golden tensors do not tell the two apart: the difference is 1e-6 of the output."""
        for name, module in model_1b().named_modules():
            if isinstance(module, nn.LayerNorm) and not name.startswith("track_head"):
                small = name.startswith("aggregator.patch_embed") or name == "camera_head.adaln_norm"
                self.assertEqual(module.eps, 1e-6 if small else 1e-5, name)

    def test_the_track_head_says_that_it_does_not_run(self) -> None:
        with self.assertRaisesRegex(NotImplementedError, "tracking is not offered"):
            model_1b().track_head(torch.empty(0))

    def test_the_aggregators_operations_grow_as_worked_out_by_hand(self) -> None:
        for frames, tera in ((1, 1.94), (2, 4.05), (8, 20.3), (100, 1036)):
            counted = aggregator_flop(CONFIGS["1b"], frames, 350, 518) / 1e12
            self.assertAlmostEqual(counted, tera, delta=tera * 0.003)


if __name__ == "__main__":
    unittest.main()
