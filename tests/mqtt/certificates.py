"""Certificates of an authority of our own, made with openssl."""

import shutil
import subprocess
from pathlib import Path

import pytest


class Authority:
    """Signs certificates; its own is `ca`. All of it lies in a folder."""

    def __init__(self, folder: Path, name: str = "ca") -> None:
        if shutil.which("openssl") is None:
            pytest.skip("no openssl to make certificates with")
        self._folder = folder
        self._name = name
        self.ca = folder / f"{name}.pem"
        self._openssl("req", "-x509", *_NEW_KEY, "-keyout", f"{name}.key", "-out", f"{name}.pem",
                      "-subj", f"/CN=Authority {name}", "-days", "2")  # fmt: skip

    def sign(self, name: str, host: str = "localhost", days: str = "2") -> tuple[Path, Path]:
        """A certificate and its key; with `days` below 0 it has expired."""
        folder = self._folder
        self._openssl("req", *_NEW_KEY, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={host}")
        (folder / f"{name}.names").write_text(f"subjectAltName=DNS:{host}\n")
        self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", self.ca.name, "-CAkey", f"{self._name}.key",
                      "-CAcreateserial", "-out", f"{name}.pem", "-days", days, "-extfile", f"{name}.names")  # fmt: skip
        return folder / f"{name}.pem", folder / f"{name}.key"

    def lock(self, key: Path) -> Path:
        """A key with a passphrase."""
        self._openssl("ec", "-in", key.name, "-out", "locked.key", "-aes256", "-passout", "pass:hush")
        return self._folder / "locked.key"

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self._folder, check=True, capture_output=True)


_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
