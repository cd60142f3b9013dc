"""Serve the three sites at one address, and build again on every change."""

import errno
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from website import CACHE, ROOT
from website.build import CONFIGS, IGNORED, SOURCES, build_and_tell

QUIET = 0.5


class Handler(SimpleHTTPRequestHandler):
    """Files of the site; its own page where there is none."""

    def log_message(self, *_: Any) -> None:
        """Say nothing: the terminal is for builds."""

    def end_headers(self) -> None:
        """Have every page fetched anew: the site changes under the reader."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def send_error(
        self, code: int, message: str | None = None, explain: str | None = None
    ) -> None:
        """Answer an unknown address with the site's own page."""
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def open_server(
    folder: Path, port: int, tries: int = 20
) -> ThreadingHTTPServer:
    """Listen on the port, or on the next one that is free."""
    handler = partial(Handler, directory=str(folder))
    for offset in range(tries):
        try:
            return ThreadingHTTPServer(("127.0.0.1", port + offset), handler)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            print(f"Port {port + offset} is in use.")
    raise SystemExit(
        f"Ports {port} to {port + tries - 1} are in use: pass --port NUMBER."
    )


class Changed(FileSystemEventHandler):
    """Set an event when a source is written."""

    def __init__(self, event: threading.Event) -> None:
        self.event = event

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Remember that something changed."""
        path = Path(str(event.src_path))
        written = event.event_type in (
            "modified",
            "created",
            "deleted",
            "moved",
        )
        hidden = any(p.startswith(".") or p in IGNORED for p in path.parts[-2:])
        if written and not event.is_directory and not hidden:
            self.event.set()


def watch(event: threading.Event) -> Any:
    """Watch the sources of the site."""
    observer = Observer()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            observer.schedule(Changed(event), str(ROOT / name), recursive=True)
    for name in CONFIGS.values():
        observer.schedule(Changed(event), str(ROOT / name))
    observer.start()
    return observer


def serve(port: int) -> int:
    """Build, serve, and build again until the reader presses Ctrl-C."""
    out = CACHE / "serve"
    out.mkdir(parents=True, exist_ok=True)
    server = open_server(out, port)
    address = f"http://127.0.0.1:{server.server_port}/"
    if not build_and_tell(out, address) and not (out / "index.html").is_file():
        server.server_close()
        return 1
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(
        f"\n  English  {address}"
        f"\n  한국어   {address}ko/"
        f"\n  中文     {address}zh/"
    )
    print("\nEvery change is built again. Ctrl-C ends it.", flush=True)
    event = threading.Event()
    observer = watch(event)
    try:
        while True:
            event.wait()
            while event.is_set():  # wait until the editor is done writing
                event.clear()
                event.wait(QUIET)
            build_and_tell(out, address)
            sys.stdout.flush()
    except KeyboardInterrupt:
        print()
    finally:
        observer.stop()
        server.shutdown()
        server.server_close()
    return 0
