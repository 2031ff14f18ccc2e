"""The cause of a failed write or download, in a sentence. Standard library only, because takip.py needs it first."""

import errno

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)

_DISK = "The disk is full (that of this folder, or that of temporary files). Make room; the same command tries again."
_FOLDER = "A file or folder may not be written to. Takip needs a folder that is yours: it makes .venv and .takip in it."
_NETWORK = "The network is not there, or does not lead to the package index. The same command tries again."

# Messages of pip, venv and operating systems. The first one that matches decides.
_SIGNS = {
    "No space left on device": _DISK,
    "Disk quota exceeded": _DISK,
    "not enough space on the disk": _DISK,
    "Permission denied": _FOLDER,
    "Operation not permitted": _FOLDER,
    "Read-only file system": _FOLDER,
    "Access is denied": _FOLDER,
    "NewConnectionError": _NETWORK,
    "ConnectTimeout": _NETWORK,
    "ConnectionResetError": _NETWORK,
    "Connection refused": _NETWORK,
    "Network is unreachable": _NETWORK,
    "NameResolutionError": _NETWORK,
    "name resolution": _NETWORK,
    "getaddrinfo failed": _NETWORK,
    "ProxyError": _NETWORK,
    "Read timed out": _NETWORK,
    "SSLError": _NETWORK,
}


def cause(words: str) -> str:
    """Why a program that installs something failed. If its output has no known message, the output itself is given."""
    return next((sentence for sign, sentence in _SIGNS.items() if sign in words), "What it says:")


def told(error: OSError) -> "str | None":
    """What to do about an error of the operating system; None unless it is a full disk or a missing permission."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in _FULL:
        return _DISK + where
    if error.errno in _FORBIDDEN:
        return _FOLDER + where
    return None
