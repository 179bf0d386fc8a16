"""Processes that end with whoever started them, even when that one is killed and cannot say so."""

import ctypes
import signal

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def leash() -> None:
    """For `preexec_fn`, or the first line of a forked child: die when the parent dies.

    Elsewhere than on Linux it does nothing.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
