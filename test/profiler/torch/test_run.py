"""The program as a person runs it: files, exit codes, the kept reference, inputs."""

import contextlib
import io
import json
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from unittest import mock

import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from profiler.torch import variants
from profiler.torch.errors import UserError, finish
from profiler.torch.inputs import read_images
from profiler.torch.run import main
from profiler.torch.synthetic import synthetic_images
from profiler.torch.variants.variant import within


def program(*words: str) -> tuple[int, str, str]:
    """(exit code, stdout, stderr) of `run.py` with these arguments, quick and on a CPU."""
    line = ["run", "--device", "cpu", "--iterations", "1", "--warmup", "1", "--profiler", "none", *words]
    out, err = io.StringIO(), io.StringIO()
    with mock.patch("sys.argv", line), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            finish(main)
        except SystemExit as end:
            return int(end.code or 0), out.getvalue(), err.getvalue()
    raise AssertionError("the program did not exit")


class Program(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.out = self.folder / "out"

    def run_into(self, *words: str) -> tuple[int, dict[str, object]]:
        """(exit code, measured.json)."""
        code, _, said = program("--out", str(self.out), *words)
        self.assertTrue((self.out / "measured.json").is_file(), said)
        return code, json.loads((self.out / "measured.json").read_text())

    def test_a_run_writes_what_it_measured(self) -> None:
        code, measured = self.run_into("--frames", "3", "--variant", "keep4,no-point-head", "--captured", "2")
        self.assertEqual(code, 0)
        facts = measured["facts"]
        self.assertEqual((facts["variant"], facts["frames"], facts["device"]), ("keep4,no-point-head", 3, "CPU"))
        self.assertEqual((len(measured["unprofiledNs"]), len(measured["iterationsNs"])), (1, 2))
        self.assertGreater(facts["peakRssBytes"], 50_000_000)
        self.assertEqual(measured["missingOutputs"], ["world_points", "world_points_conf"])
        manifest = json.loads((self.out / "capture.json").read_text())
        self.assertEqual(manifest["run"], facts)
        self.assertIn("left out by the variant", manifest["warnings"][0])

    def test_a_variant_past_its_tolerance_fails_loudly(self) -> None:
        strict = [replace(v, tolerance=within(1e-9)) if v.id == "kv-sub" else v for v in variants.VARIANTS]
        with mock.patch.object(variants, "VARIANTS", strict):
            code, _, said = program("--out", str(self.out), "--variant", "kv-sub:2", "--frames", "3")
        self.assertEqual(code, 1)
        self.assertRegex(said, "error: variant kv-sub:2: the outputs are farther from .* than the 1e-09 it states")
        self.assertFalse(json.loads((self.out / "measured.json").read_text())["kept"])

    def test_the_unmodified_models_outputs_are_kept_between_runs(self) -> None:
        reference = self.folder / "reference"
        self.run_into("--reference", str(reference))
        kept = reference / "outputs.safetensors"
        save_file({name: tensor + 1 for name, tensor in load_file(kept).items()}, kept)
        code, measured = self.run_into("--reference", str(reference))
        self.assertEqual(code, 1, "the spoiled reference was not used")
        self.assertAlmostEqual(measured["outputs"][0]["maxAbsError"], 1, places=5)
        code, _ = self.run_into("--reference", str(reference), "--seed", "1")
        self.assertEqual(code, 0, "a reference of other weights was used")

    def test_a_run_without_reference_says_so(self) -> None:
        code, measured = self.run_into("--no-reference", "--iterations", "0")
        self.assertEqual((code, measured["facts"]["outputError"]), (0, "not measured"))
        self.assertNotIn("unprofiledMedianNs", measured["facts"])

    def test_another_size_is_compared_with_the_unmodified_model_at_that_size(self) -> None:
        code, measured = self.run_into("--variant", "res:70x84")
        self.assertEqual((code, measured["facts"]["height"], measured["facts"]["width"]), (0, 70, 84))

    def test_weights_from_a_file_must_fit(self) -> None:
        path = self.folder / "w.safetensors"
        save_file({"aggregator.camera_token": torch.zeros(1, 2, 1, 64)}, path)
        code, told, said = program("--out", str(self.out), "--weights", str(path))
        self.assertEqual(code, 2)
        self.assertRegex(said, r"346 of 347 tensors missing, first aggregator.frame_blocks.0.attn.k_norm.bias")
        self.assertIn("@parallax-error 2 ", told)

    def test_what_cannot_be_is_refused_before_anything_is_loaded(self) -> None:
        for words, code, reason in (
            (["--frames", "0"], 2, "--frames 0: 1 or more"),
            (["--height", "57"], 2, "--height 57: not a multiple of the patch, 14 px; 56 is the nearest"),
            (["--weights", "no.safetensors"], 2, "no.safetensors: no such file"),
            (["--input", "nowhere"], 2, "nowhere: not a folder of pictures"),
            (["--variant", "rope-fused,cudagraph"], 2, "variant cudagraph: exists on cuda only"),
            (["--model", "2b"], 2, "--model 2b: not one of tiny, small, 1b"),
        ):
            ended, _, said = program("--out", str(self.out), *words)
            self.assertEqual(ended, code)
            self.assertEqual(len(said.strip().splitlines()), 1)
            self.assertIn(reason, said)

    @unittest.skipIf(torch.cuda.is_available(), "this machine has a GPU")
    def test_a_missing_gpu_is_a_missing_tool(self) -> None:
        code, _, said = program("--out", str(self.out), "--device", "cuda")
        self.assertEqual(code, 3)
        self.assertIn("--device cpu works without", said)


class Inputs(unittest.TestCase):
    def test_pictures_are_cut_to_size_and_taken_by_name(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name, colour in (("b.png", (0, 0, 255)), ("a.png", (255, 0, 0)), ("c.txt", None)):
                if colour:
                    Image.new("RGB", (200, 100), colour).save(Path(folder) / name)
                else:
                    (Path(folder) / name).write_text("no picture")
            pixels = read_images(folder, 2, 28, 42, 0)
            self.assertEqual(list(pixels.shape), [2, 28, 42, 3])
            self.assertEqual(pixels[:, 5, 5].tolist(), [[255, 0, 0], [0, 0, 255]])
            with self.assertRaisesRegex(UserError, "2 pictures, 3 were asked for"):
                read_images(folder, 3, 28, 42, 0)

    def test_a_file_of_bytes_must_have_the_frames_size(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "i.rgb"
            pixels = synthetic_images(2, 14, 28, 0)
            path.write_bytes(pixels.numpy().tobytes())
            self.assertTrue(torch.equal(read_images(str(path), 2, 14, 28, 0), pixels))
            with self.assertRaisesRegex(UserError, "2352 bytes, 3 RGB frames of 28×14 are 3528"):
                read_images(str(path), 3, 14, 28, 0)


if __name__ == "__main__":
    unittest.main()
