"""One kept-alive connection that posts prepared requests, as cheap as a client in Python gets."""

import asyncio

__all__ = ["Answered", "Connection", "prepared"]

Answered = tuple[int, bytes]
"""Status and body."""


def prepared(host: str, path: str, body: bytes, headers: dict[str, str], method: str = "POST") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"host: {host}", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in {"content-type": "application/json", **headers}.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """Sends one request after the other; raises ConnectionError where the other side is gone.

    Where an answer says that its connection ends, the next request opens another one, as every client does.
    """

    def __init__(self, host: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._host, self._port = host, port
        self._reader, self._writer = reader, writer
        self._is_ended = False

    @classmethod
    async def opened(cls, host: str, port: int) -> "Connection":
        """A new connection."""
        return cls(host, port, *await _streams(host, port))

    async def ask(self, request: bytes) -> Answered:
        """The answer to a prepared request."""
        if self._is_ended:
            self.close()
            self._reader, self._writer = await _streams(self._host, self._port)
            self._is_ended = False
        self._writer.write(request)
        try:
            head = await self._reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as err:
            raise ConnectionResetError("the service closed the connection") from err
        status = int(head[9:12])
        lowered = head.lower()
        self._is_ended = b"connection: close" in lowered
        if b"transfer-encoding: chunked" in lowered:
            return status, await self._chunked()
        length = int(lowered.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        return status, await self._reader.readexactly(length)

    async def _chunked(self) -> bytes:
        parts = []
        while size := int(await self._reader.readline(), 16):
            parts.append(await self._reader.readexactly(size))
            await self._reader.readexactly(2)
        await self._reader.readline()
        return b"".join(parts)

    def close(self) -> None:
        """Give the connection back."""
        self._writer.close()


async def _streams(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(host, port, limit=1 << 20)
