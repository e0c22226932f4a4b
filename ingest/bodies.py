"""Bodies of responses, unpacked within bounds: a small packet may hold gigabytes."""

import zlib

from graph.errors import Invalid, TooLarge

RATIO = 200
RATIO_FROM = 1_000_000
_FORMATS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


class Inflater:
    """Unpacks chunk by chunk and stops at the limit; what is beyond it is never in memory."""

    def __init__(self, encoding: str, limit: int) -> None:
        """`encoding` as in Content-Encoding; Invalid for one that cannot be unpacked within bounds."""
        self._limit, self._size, self._taken = limit, 0, 0
        name = encoding.strip().lower()
        if name in ("", "identity"):
            self._wbits = 0
        elif name in _FORMATS:
            self._wbits = _FORMATS[name]
        else:
            raise Invalid(f"the server packs its pages as {encoding[:40]!r}, which was not asked for")
        self._unpack = zlib.decompressobj(self._wbits) if self._wbits else None

    def feed(self, chunk: bytes) -> bytes:
        """What the chunk holds; TooLarge beyond the limit, Invalid when it is broken."""
        self._taken += len(chunk)
        if self._unpack is None:
            return self._counted(chunk)
        parts = []
        while chunk:
            try:
                parts.append(self._counted(self._unpack.decompress(chunk, self._limit - self._size + 1)))
            except zlib.error as error:
                if not self._raw_deflate():
                    raise Invalid("the packed page is broken") from error
                continue
            chunk = self._rest()
        return b"".join(parts)

    def _rest(self) -> bytes:
        """What follows: the same stream, or another one behind it."""
        assert self._unpack is not None
        if self._unpack.eof and self._unpack.unused_data:
            rest = self._unpack.unused_data
            self._unpack = zlib.decompressobj(self._wbits)
            return rest
        return self._unpack.unconsumed_tail

    def _raw_deflate(self) -> bool:
        """Some servers mean `deflate` without its frame; tried once, at the start."""
        if self._wbits != _FORMATS["deflate"] or self._size:
            return False
        self._wbits = -15
        self._unpack = zlib.decompressobj(self._wbits)
        return True

    def _counted(self, data: bytes) -> bytes:
        self._size += len(data)
        if self._size > self._limit:
            raise TooLarge(f"larger than {self._limit / 1e6:g} MB")
        if self._wbits and self._size > RATIO_FROM and self._size > RATIO * self._taken:
            raise TooLarge("unpacks to far more than was sent")
        return data


def gunzip(body: bytes, limit: int) -> bytes:
    """A gzip file's content (not its transfer), within the limit."""
    return Inflater("gzip", limit).feed(body) if body[:2] == b"\x1f\x8b" else body
