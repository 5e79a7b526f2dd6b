"""NVTX ranges without CUDA: talks to the tool (nsys) that NVTX_INJECTION64_PATH names, through its C interface.

PyTorch's own NVTX functions exist in CUDA builds only. The tool's library is handed a callback that serves two
tables, CALLBACKS (1) and VERSIONINFO (3); through the first it asks for each module's function table, 16 entries,
entry i the address of slot i, and writes its own functions into the slots. CORE (1) and CORE2 (5) must be given out.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable
from ctypes import CFUNCTYPE, c_char_p, c_int, c_size_t, c_uint32, c_uint64, c_void_p
from typing import Any

CALLBACKS, VERSIONINFO = 1, 3
CORE, CORE2 = 1, 5
SLOTS = 16
RANGE_START, RANGE_END, PUSH, POP = 5, 7, 9, 11


class CallbacksTable(ctypes.Structure):
    """What the tool reads behind CALLBACKS."""

    _fields_ = (("size", c_size_t), ("get_module", c_void_p))


class VersionTable(ctypes.Structure):
    """What the tool reads behind VERSIONINFO; it calls `set_version` with its own."""

    _fields_ = (("size", c_size_t), ("version", c_uint32), ("reserved", c_uint32), ("set_version", c_void_p))


class Injection:
    """A tool that listens. Everything it was handed stays referenced here: it must outlive the last range."""

    def __init__(self, library: str) -> None:
        """Raises OSError where the library cannot be loaded or declines."""
        self.slots = {module: (c_void_p * SLOTS)() for module in (CORE, CORE2)}
        self.tables = {module: (c_void_p * SLOTS)() for module in self.slots}
        for module, slots in self.slots.items():
            for i in range(SLOTS):
                self.tables[module][i] = ctypes.addressof(slots) + i * ctypes.sizeof(c_void_p)
        self.get_module = CFUNCTYPE(c_int, c_int, c_void_p, c_void_p)(self.give_table)
        self.set_version = CFUNCTYPE(None, c_uint32)(lambda _: None)
        pointer = lambda function: ctypes.cast(function, c_void_p)
        self.callbacks = CallbacksTable(ctypes.sizeof(CallbacksTable), pointer(self.get_module))
        self.version = VersionTable(ctypes.sizeof(VersionTable), 3, 0, pointer(self.set_version))
        exported = {CALLBACKS: ctypes.addressof(self.callbacks), VERSIONINFO: ctypes.addressof(self.version)}
        self.export = CFUNCTYPE(c_void_p, c_uint32)(lambda table: exported.get(table, 0))
        self.library = ctypes.CDLL(library)
        if self.library.InitializeInjectionNvtx2(self.export) != 1:
            raise OSError(f"{library}: declined to attach")
        self.range_push = self.function(PUSH, c_int, c_char_p)
        self.range_pop = self.function(POP, c_int)
        self.range_start = self.function(RANGE_START, c_uint64, c_char_p)
        self.range_end = self.function(RANGE_END, None, c_uint64)

    def give_table(self, module: int, out_table: int, out_size: int) -> int:
        """Called by the tool: writes the module's table and its length to where it points."""
        if module not in self.tables:
            return 0
        ctypes.cast(out_table, ctypes.POINTER(c_void_p))[0] = ctypes.addressof(self.tables[module])
        if out_size:
            ctypes.cast(out_size, ctypes.POINTER(c_uint32))[0] = SLOTS
        return 1

    def function(self, slot: int, result: Any, *parameters: Any) -> Callable[..., int]:
        """The tool's function in a slot of CORE; one that does nothing where the tool left it empty."""
        address = self.slots[CORE][slot]
        return CFUNCTYPE(result, *parameters)(address) if address else lambda *_: 0

    def push(self, name: str) -> None:
        """Opens a range on the calling thread."""
        self.range_push(name.encode())

    def pop(self) -> None:
        """Closes the innermost range of the calling thread."""
        self.range_pop()

    def open_aside(self, name: str) -> Callable[[], None]:
        """Opens a range on a thread of its own and returns what closes it there.

        For the range that opens and closes the tool's capture: the tool holds that call up (80 ms to start, a second
        to stop), and on the calling thread it would stand around all others.
        """
        range_id: list[int] = []
        on_another_thread(lambda: range_id.append(self.range_start(name.encode())))
        return lambda: on_another_thread(lambda: self.range_end(range_id[0]))


def on_another_thread(work: Callable[[], object]) -> None:
    """Runs `work` on a new thread and waits for it."""
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def attach() -> Injection | None:
    """The tool the environment names; None where it names none or it cannot be attached."""
    library = os.environ.get("NVTX_INJECTION64_PATH", "")
    if not library:
        return None
    try:
        return Injection(library)
    except OSError:
        return None
