"""A web server on this computer that behaves well, or badly."""

import gzip
import http.server
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager

BODY = "나는 我 I\n".encode() * 999
PAGE = b"<html><title>Log in</title></html>"


class Handler(http.server.BaseHTTPRequestHandler):
    """What is asked for decides what is answered: `/cut?100`, `/gone`."""

    asked: list[str]
    body = BODY

    def do_GET(self):
        self.asked.append(self.path)
        page, _, self.number = self.path.rpartition("/")[2].partition("?")
        getattr(self, f"do_{page}")()

    def send(self, body, status=200, length=None, **headers):
        self.send_response(status)
        if length is None:
            length = len(body)
        if length >= 0:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = length != len(body)

    def do_good(self):
        self.send(self.body)

    def do_moved(self):
        self.send(b"", 302, Location="/good")

    def do_unnamed_length(self):
        self.send(self.body, length=-1)

    def do_packed(self):
        self.send(gzip.compress(self.body), Content_Encoding="gzip")

    def do_chunked(self):
        self.protocol_version = "HTTP/1.1"
        self.send(b"", length=-1, Transfer_Encoding="chunked")
        half = len(self.body) // 2
        for part in (self.body[:half], self.body[half:], b""):
            self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")

    def do_slow(self):
        self.send(self.body[:9], length=len(self.body))
        for start in range(9, len(self.body), 3000):
            self.wfile.flush()
            time.sleep(0.01)
            self.wfile.write(self.body[start : start + 3000])

    def do_moody(self):
        if self.asked.count(self.path) < 3:
            self.number = "1000"
            self.do_cut()
        else:
            self.do_good()

    def do_cut(self):
        self.send(self.body[: int(self.number)], length=len(self.body))

    def do_cut_unnamed(self):
        self.send(self.body[: int(self.number)], length=-1)

    def do_cut_chunked(self):
        self.protocol_version = "HTTP/1.1"
        self.send(b"", length=-1, Transfer_Encoding="chunked")
        head = f"{len(self.body):x}\r\n".encode()
        self.wfile.write(head + self.body[: int(self.number)])

    def do_cut_packed(self):
        whole = gzip.compress(self.body)
        self.send(whole[:20], length=len(whole), Content_Encoding="gzip")

    def do_gone(self):
        self.send(b"not here", 404)

    def do_forbidden(self):
        self.send(b"no", 403)

    def do_broken(self):
        self.send(b"sorry", 500)

    def do_busy(self):
        self.send(b"later", 503)

    def do_loop(self):
        self.send(b"", 302, Location="/loop")

    def do_nowhere(self):
        self.send(b"", 302, Location="http://127.0.0.1:1/good")

    def do_page(self):
        self.send(PAGE)

    def do_empty(self):
        self.send(b"")

    def do_altered(self):
        self.send(self.body[:-1] + b"!")

    def do_longer(self):
        self.send(self.body + b"!")

    def do_endless(self):
        self.send(self.body * 50, length=10**12)

    def do_wrong_length(self):
        self.send(self.body[:-5])

    def do_bomb(self):
        self.send(gzip.compress(bytes(10**7)), Content_Encoding="gzip")

    def do_hang(self):
        time.sleep(0.2)

    def do_hang_later(self):
        self.send(self.body[:9], length=len(self.body))
        self.wfile.flush()
        time.sleep(0.2)

    def do_hang_up(self):
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def do_noise(self):
        self.wfile.write(b"\x00\x01\x02 what?\r\n\r\n")
        self.close_connection = True

    def do_who(self):
        self.send(b"who are you", 407)

    def log_message(self, *arguments):
        pass


class Quiet(http.server.ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, request, address):
        pass  # the other side went away, which is what some tests do


@contextmanager
def serving(body=BODY, context=None):
    """Run a server; yield its address and the list of what was asked."""
    asked: list[str] = []
    handler = type("Own", (Handler,), {"asked": asked, "body": body})
    with Quiet(("127.0.0.1", 0), handler) as running:
        scheme = "http"
        if context is not None:
            scheme = "https"
            running.socket = context.wrap_socket(
                running.socket, server_side=True
            )
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"{scheme}://127.0.0.1:{running.server_address[1]}/", asked
        finally:
            running.shutdown()
            thread.join()


def certificate(folder):
    """Make a certificate for 127.0.0.1 that nobody trusts yet."""
    openssl = shutil.which("openssl")
    assert openssl, "openssl makes the certificate of this test"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1"]
    command += ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, folder / "cert.pem"
