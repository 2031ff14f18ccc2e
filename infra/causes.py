"""Why something could not be written or fetched, in a sentence. Standard library only: takip.py needs it first."""

import errno

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)

_DISK = "The disk is full (that of this folder, or that of temporary files). Make room; the same command tries again."
_FOLDER = "A file or folder may not be written to. Takip needs a folder that is yours: it makes .venv and .takip in it."
_NETWORK = "The network is not there, or does not lead to the package index. The same command tries again."

# What pip, venv and the systems say; the first sign that is found decides.
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
    """Why a program that installs something failed, told by its own words; where they say nothing known, they stand."""
    return next((sentence for sign, sentence in _SIGNS.items() if sign in words), "What it says:")


def told(error: OSError) -> "str | None":
    """What a person can do about an error of the system; None where it is no full disk and no missing permission."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in _FULL:
        return _DISK + where
    if error.errno in _FORBIDDEN:
        return _FOLDER + where
    return None
