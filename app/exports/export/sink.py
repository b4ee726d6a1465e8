"""What a writer of files writes into when the file goes straight to whoever asked for it: it cannot seek."""


class Sink:
    """Keeps what was written until it is taken."""

    closed = False

    def __init__(self) -> None:
        """Begin with nothing."""
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep some bytes."""
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: what was written waits to be taken."""

    def close(self) -> None:
        """Do nothing: what was written stays to be taken."""

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def take(self) -> bytes:
        """Return what was written since it was last taken."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken
