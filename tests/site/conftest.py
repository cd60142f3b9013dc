"""The built site, served on this machine, and a browser to use it with."""

import functools
import http.server
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from addresses import BASE, PORT
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / ".cache" / "browser"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def send_error(self, code, message=None, explain=None):
        if code != 404:
            super().send_error(code, message, explain)
            return
        body = (OUT / "404.html").read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="session")
def site() -> Path:
    """Build the site for this address and serve it."""
    command = [sys.executable, "-m", "website", "build"]
    command += ["--out", str(OUT), "--site-url", BASE]
    subprocess.run(command, cwd=ROOT, check=True)
    handler = functools.partial(Handler, directory=str(OUT))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", PORT), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield OUT
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser(site) -> Browser:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "install chromium (Debian: apt-get install chromium)"
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Watch:
    """A page that remembers what it asked for and what went wrong."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.outside: list[str] = []
        self.problems: list[str] = []
        page.route("**/*", self.route)
        page.on("response", self.response)
        page.on("pageerror", lambda e: self.problems.append(f"error: {e}"))
        page.on("console", self.console)

    def route(self, route):
        if route.request.url.startswith((BASE, "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def response(self, response):
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")

    def console(self, message):
        if message.type in ("error", "warning"):
            self.problems.append(f"{message.type}: {message.text}")


@pytest.fixture
def open_page(browser):
    """Open a page of the site: `open_page("ko/notes/rnn/", width=390)`."""
    contexts = []

    def open_(path="", width=1280, scheme="light", settle=True, **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",
            accept_downloads=True,
            **options,
        )
        contexts.append(context)
        watch = Watch(context.new_page())
        watch.page.goto(BASE + path, wait_until="load")
        if settle and options.get("java_script_enabled", True):
            watch.page.wait_for_load_state("networkidle")
        return watch

    yield open_
    for context in contexts:
        context.close()
