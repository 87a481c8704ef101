"""A log file that cannot fill the disk."""

from pathlib import Path

LIMIT_BYTES = 2_000_000


class BoundedLog:
    """Appends to a file; when it is full, the file becomes `<name>.1` and a new one begins."""

    def __init__(self, path: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        """Open the log.

        Args:
            path: the file.
            limit_bytes: size of one file; two are kept.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._limit_bytes = limit_bytes
        self._file = path.open("ab", buffering=0)

    def write(self, data: bytes) -> None:
        """Append; a disk that is full loses the lines and nothing else."""
        try:
            if self._file.tell() + len(data) > self._limit_bytes:
                self._turn_over()
            self._file.write(data)
        except OSError:
            return

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _turn_over(self) -> None:
        self._file.close()
        self._path.replace(self._path.with_name(f"{self._path.name}.1"))
        self._file = self._path.open("ab", buffering=0)
