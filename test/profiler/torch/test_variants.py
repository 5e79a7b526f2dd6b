"""Variants: the same outputs where they promise them, changed ones within bounds, refused where they cannot be."""

import unittest

import torch
from tiny_run import ODD, TINY, errors, images, outputs, subject

from profiler.torch.errors import UserError
from profiler.torch.variants import VARIANTS, apply_all, check_device, combined, input_size, parse
from profiler.torch.variants.kv_sub import kept
from profiler.torch.variants.merge import split
from profiler.torch.vggt.layers import attend

PARAMETERS = {"frame-chunk": "2", "g2f-own": "1", "g2f-framew": "1", "kv-sub": "2", "merge": "0.5", "dpt-chunk": "2"}
ON_CPU = [v for v in VARIANTS if "cpu" in v.devices and v.id not in ("res", "compile")]


def example(variant) -> str:
    """The id with a parameter, where it takes one."""
    return f"{variant.id}:{PARAMETERS[variant.id]}" if variant.parameter else variant.id


class Promises(unittest.TestCase):
    def test_every_variant_keeps_what_it_promises_in_fp32_and_under_autocast(self) -> None:
        for config in (TINY, ODD):
            for precision in (None, torch.bfloat16):
                for variant in ON_CPU:
                    with self.subTest(variant=variant.id, precision=precision, width=config.embed_dim):
                        found = errors(example(variant), config=config, precision=precision)
                        fp32 = precision is None and variant.id not in ("bf16-weights", "fp16")
                        self.assertTrue(variant.tolerance.holds(found, fp32), found)

    def test_variants_that_say_so_change_the_outputs(self) -> None:
        for variant in ON_CPU:
            if not variant.tolerance.exact:
                worst = max(error.relative for error in errors(example(variant)))
                self.assertGreater(worst, 1e-4, variant.id)

    def test_compiled_blocks_give_the_same_outputs(self) -> None:
        made = subject("compile,rope-fused")
        made.forward(images())
        reference = outputs()
        for name, out in made.forward(images()).items():
            self.assertLess((out - reference[name]).abs().max().item(), 1e-5, name)

    def test_exact_variants_compose(self) -> None:
        chosen = "rope-fused,keep4,contiguous-qkv,sdpa=math,frame-chunk:2,dpt-chunk:1,no-point-head"
        self.assertTrue(combined(parse(chosen)).exact)
        found = errors(chosen, config=ODD)
        self.assertLess(max(error.scaled for error in found), 1e-5)
        self.assertEqual([error.name for error in found], ["pose_enc", "depth", "depth_conf"])

    def test_the_order_they_are_named_in_does_not_matter(self) -> None:
        one, other = outputs("sdpa=math,int8,bf16-weights"), outputs("bf16-weights,int8,sdpa=math")
        self.assertTrue(all(torch.equal(one[name], other[name]) for name in one))

    def test_tolerances_of_a_composition_add_up(self) -> None:
        self.assertAlmostEqual(combined(parse("merge:0.5,int8,rope-fused")).relative, 0.6)


class Meanings(unittest.TestCase):
    def test_all_pairs_local_means_that_no_frame_sees_another(self) -> None:
        made = subject(f"g2f-own:{TINY.depth}")
        pictures = images()
        changed = pictures.clone()
        changed[:, 2] = 1 - changed[:, 2]
        before, after = (made.model.aggregator(x)[-1] for x in (pictures, changed))
        self.assertTrue(torch.equal(before[:, :2], after[:, :2]))
        self.assertFalse(torch.equal(before[:, 2], after[:, 2]))
        plain = subject().model.aggregator
        self.assertFalse(torch.equal(plain(pictures)[-1][:, 0], plain(changed)[-1][:, 0]))

    def test_with_one_frame_merging_and_staying_local_change_nothing(self) -> None:
        for variant in ("merge:0.5", "g2f-own:4"):
            self.assertEqual(max(error.max_abs for error in errors(variant, frames=1)), 0.0, variant)

    def test_fewer_keys_are_the_same_as_masked_keys(self) -> None:
        grid = subject().model.aggregator.scene(1, 2, 4, 5, torch.device("cpu")).whole
        q, k, v = torch.randn(3, 1, 2, 2 * grid.per_frame, 8)
        keep = kept(grid, 3, q.device)
        seen = [t for t in range(2 * 25) if t % 25 < 5 or ((t % 25 - 5) // 5 + (t % 25 - 5) % 5) % 3 == 0]
        self.assertEqual(keep.tolist(), seen)
        mask = torch.zeros(2 * grid.per_frame, dtype=torch.bool)
        mask[keep] = True
        masked = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask[None])
        self.assertLess((attend(q, k[:, :, keep], v[:, :, keep], None) - masked).abs().max().item(), 1e-6)

    def test_sources_are_what_is_neither_in_the_first_frame_nor_a_corner(self) -> None:
        grid = subject().model.aggregator.scene(1, 2, 2, 3, torch.device("cpu")).whole
        # Per frame 5 special tokens and 2 rows of 3 patches; corners of the second frame: patches 0 and 2.
        for share, merged in ((0.1, 1), (0.2, 2), (0.9, 4)):
            found = split(grid, share, torch.device("cpu"))
            self.assertEqual(found.sources.tolist(), [17, 19, 20, 21])
            self.assertEqual(found.anchors.tolist(), [*range(17), 18])
            self.assertEqual(found.merged, merged)  # of the 11 tokens after the first frame

    def test_only_the_layers_the_heads_read_are_kept(self) -> None:
        layers = subject("keep4", ODD).model.aggregator(images())
        self.assertEqual([i for i, layer in enumerate(layers) if layer is not None], [0, 2, 3, 5])


class Refusals(unittest.TestCase):
    def refused(self, variants: str, reason: str, device: str = "cpu") -> None:
        """Parsing, checking or applying ends in a UserError that says this."""
        with self.assertRaisesRegex(UserError, reason):
            chosen = parse(variants)
            check_device(chosen, device)
            input_size(chosen, (56, 70))
            apply_all(chosen, subject())

    def test_variants_of_a_gpu_are_refused_on_a_cpu(self) -> None:
        on_cuda = [v.id for v in VARIANTS if v.devices == ("cuda",)]
        self.assertEqual(set(on_cuda), {"sdpa=efficient", "sdpa=cudnn", "cudagraph", "heads-tf32"})
        for name in on_cuda:
            self.refused(f"rope-nosync,{name}", f"variant {name}: exists on cuda only")

    def test_what_does_not_exist_or_fit_is_refused_in_one_line(self) -> None:
        self.refused("no-such", "variant no-such: not one of frame-batched")
        self.refused("kv-sub", "write it as kv-sub:R")
        self.refused("keep4:2", "write it as keep4")
        self.refused("kv-sub:1", "2 or more")
        self.refused("g2f-own:9", "1 to 4")
        self.refused("merge:1.5", "between 0 and 1")
        self.refused("res:12", "res:280x392")
        self.refused("keep4,keep4", "named twice")
        self.refused("compile", "needs rope-nosync or rope-fused")
        self.refused("frame-seq,frame-chunk:2", "both replace the frame blocks' batching")
        self.refused("bf16-weights,fp16", "both replace the precision")


if __name__ == "__main__":
    unittest.main()
