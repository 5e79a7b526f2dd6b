"""The official package's place, taken here by a stand-in: what its presence changes, not what it computes."""

import sys
import tempfile
import types
import unittest
from pathlib import Path
from unittest import mock

import torch
from tiny_run import TINY, images, subject

from profiler.torch.phases import mark_modules, mark_phases
from profiler.torch.run import run
from profiler.torch.settings import checked, parser
from profiler.torch.vggt import CONFIGS, VGGT


class StandIn(VGGT):
    """Answers as the package does: the aggregator with a pair, the model with more than its outputs."""

    def __init__(self) -> None:
        super().__init__(TINY)
        plain = self.aggregator.forward
        self.aggregator.forward = lambda images: (plain(images), TINY.patch_start)

    def forward(self, images):
        layers, _ = self.aggregator(images)
        poses, out = self.heads(layers, images.shape[-2], images.shape[-1])
        return out | {"pose_enc_list": poses, "images": images}


def measured(*words: str):
    """A run of the 1b model, which is the tiny one here, where a package `vggt` is importable."""
    module = types.ModuleType("vggt.models.vggt")
    module.VGGT = StandIn
    packages = {
        "vggt": types.ModuleType("vggt"),
        "vggt.models": types.ModuleType("vggt.models"),
        module.__name__: module,
    }
    with (
        mock.patch.dict(sys.modules, packages),
        mock.patch.dict(CONFIGS, {"1b": TINY}),
        tempfile.TemporaryDirectory() as out,
    ):
        args = parser().parse_args(
            [*"--model 1b --device cpu --height 56 --width 70 --iterations 1 --warmup 1".split(), "--profiler", "none"]
            + ["--out", out, *words]
        )
        result = run(checked(args))
        return result, (Path(out) / "capture.json").is_file()


class Official(unittest.TestCase):
    def test_the_unmodified_model_is_the_packages(self) -> None:
        result, written = measured()
        self.assertTrue(written)
        self.assertEqual(result.facts["implementation"], "official vggt package")
        self.assertEqual({error.name for error in result.errors},
                         {"pose_enc", "depth", "depth_conf", "world_points", "world_points_conf"})  # fmt: skip

    def test_a_variant_runs_on_our_code_and_is_compared_with_the_package(self) -> None:
        result, _ = measured("--variant", "rope-fused,keep4")
        self.assertEqual(result.facts["implementation"], "Parallax")
        self.assertTrue(result.kept)
        self.assertGreater(max(error.max_abs for error in result.errors), 0)

    def test_the_aggregator_alone_can_be_measured_in_both(self) -> None:
        for words in ((), ("--variant", "rope-nosync")):
            result, _ = measured("--parts", "aggregator", *words)
            self.assertEqual([error.name for error in result.errors], [f"layer_{i}" for i in TINY.dpt_layers])
            self.assertTrue(result.kept)

    def test_our_own_model_can_be_asked_for(self) -> None:
        result, _ = measured("--implementation", "own")
        self.assertEqual(result.facts["implementation"], "Parallax")

    def test_hooks_put_the_same_ranges_around_a_models_modules_as_we_do_around_ours(self) -> None:
        class Heard:
            def __init__(self) -> None:
                self.names: list[str] = []
                self.depth = 0

            def push(self, name: str) -> None:
                self.names.append(name)
                self.depth += 1

            def pop(self) -> None:
                self.depth -= 1

        ours, hooked = Heard(), Heard()
        marked = subject()
        mark_phases(marked, ours)
        marked.forward(images())
        plain = subject()
        mark_modules(plain.model, hooked)
        with torch.no_grad():
            plain.model(images())
        self.assertEqual(ours.names, hooked.names)
        pairs = ["Frame_Attention", "Global_Attention"] * TINY.depth
        self.assertEqual(ours.names, ["Patch_Embedding", *pairs, "Camera_Head", "Depth_Head", "Point_Head"])
        self.assertEqual((ours.depth, hooked.depth), (0, 0))


if __name__ == "__main__":
    unittest.main()
