"""The torch backend: runs VGGT in PyTorch under a profiler and writes down what was measured.

Run its programs as modules from the project's root:

    python -m profiler.torch.run --help            one measured run
    python -m profiler.torch.check_model DIR       golden tensors
    python -m profiler.torch.h100_table --help     the published table, row by row
"""
