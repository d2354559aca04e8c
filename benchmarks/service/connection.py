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
    """Sends one request after the other; raises ConnectionError where the other side is gone."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def opened(cls, host: str, port: int) -> "Connection":
        """A new connection."""
        return cls(*await asyncio.open_connection(host, port, limit=1 << 20))

    async def ask(self, request: bytes) -> Answered:
        """The answer to a prepared request."""
        self._writer.write(request)
        try:
            head = await self._reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as err:
            raise ConnectionResetError("the service closed the connection") from err
        status = int(head[9:12])
        lowered = head.lower()
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
