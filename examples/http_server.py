"""Color drawings over HTTP, with nothing but the standard library and salac.

python examples/http_server.py [PORT]
curl --data-binary @examples/sketches/portrait.png -o colored.png 'http://127.0.0.1:8000/?seed=3'
curl --data-binary @examples/sketches/portrait.png -o colored.png 'http://127.0.0.1:8000/?palette=f7d7c4,3b4cc0:2'

It listens to this machine alone. Ctrl-C ends it.
"""

import os
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore
from urllib.parse import parse_qs, urlsplit

import salac
from salac.image import encode_picture

LARGEST_BODY = 20_000_000
"""Bytes of a drawing's file."""
LARGEST_DRAWING = 16_000_000
"""Pixels."""


class Refusal(Exception):
    """A request that is answered by a status and one line."""

    def __init__(self, status: HTTPStatus, reason: str):
        super().__init__(reason)
        self.status = status


class Handler(BaseHTTPRequestHandler):
    """POST a drawing of any format to /, and get a PNG of its size."""

    timeout = 30
    """Seconds that a client may keep silent."""
    colorizer: salac.Colorizer
    cores = BoundedSemaphore(os.cpu_count() or 1)
    """More drawings at once would only take more memory."""

    def do_POST(self) -> None:
        """Answer with the colored drawing."""
        try:
            self.answer(HTTPStatus.OK, "image/png", self.colored())
        except Refusal as refusal:
            self.answer(refusal.status, "text/plain", f"{refusal}\n".encode())
        except salac.InputError as error:
            self.answer(HTTPStatus.BAD_REQUEST, "text/plain", f"{error}\n".encode())

    def colored(self) -> bytes:
        """The PNG that was asked for.

        Raises:
            Refusal, InputError: the request is not understood, or its drawing cannot be used.
        """
        url = urlsplit(self.path)
        if url.path != "/":
            raise Refusal(HTTPStatus.NOT_FOUND, "post a drawing to /")
        asked = {name: values[-1] for name, values in parse_qs(url.query).items()}
        if strangers := asked.keys() - {"seed", "palette"}:
            raise Refusal(HTTPStatus.BAD_REQUEST, f"{', '.join(sorted(strangers))}: known are seed and palette")
        seed = asked.get("seed", "0")
        if not (seed.isascii() and seed.isdecimal() and len(seed) < 10):
            raise Refusal(HTTPStatus.BAD_REQUEST, f"seed is {seed!r}: pass a whole number from 0 up")
        # A list, never a string: that would be the name of a file on this machine.
        palette = asked["palette"].split(",") if "palette" in asked else None
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            raise Refusal(HTTPStatus.LENGTH_REQUIRED, "say how long the drawing is: Content-Length")
        if int(length) > LARGEST_BODY:
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a drawing has at most {LARGEST_BODY:,} bytes")
        drawing = self.rfile.read(int(length))
        with self.cores:
            result = self.colorizer(drawing, seed=int(seed), palette=palette, max_pixels=LARGEST_DRAWING)
        return encode_picture(result.image, "png")

    def answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        """Send a whole answer; the connection ends with it, for a refused drawing was not read."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def server(port: int = 8000) -> ThreadingHTTPServer:
    """A server on loopback, its model loaded; port 0 takes any that is free."""
    Handler.colorizer = salac.Colorizer.from_pretrained()
    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


if __name__ == "__main__":
    with server(*map(int, sys.argv[1:])) as running:
        print(f"http://127.0.0.1:{running.server_port}/", flush=True)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            print()
