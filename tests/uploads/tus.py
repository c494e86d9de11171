"""A client of tus 1.0, as small as can be."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from tests.api.client import Answer, Client

TUS = {"Tus-Resumable": "1.0.0"}
OCTETS = {**TUS, "Content-Type": "application/offset+octet-stream"}


@dataclass(frozen=True)
class Door:
    """Where files of a kind go up."""

    path: str

    def begin(self, client: Client, length: int, name: str = "a.bin", kind: str = "") -> str:
        """Gives where the pieces go."""
        answer = self.try_begin(client, length, name, kind)
        assert answer.status == 201, answer.body
        return answer.headers["location"]

    def try_begin(self, client: Client, length: object, name: str = "a.bin", kind: str = "") -> Answer:
        pairs = [("filename", name), ("filetype", kind)]
        metadata = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in pairs if value)
        headers = {**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata}
        return client.request("POST", self.path, headers=headers)


def add(client: Client, place: str, offset: object, data: bytes) -> Answer:
    return client.request("PATCH", place, body=data, headers={**OCTETS, "Upload-Offset": str(offset)})


def offset_of(client: Client, place: str) -> int:
    answer = client.request("HEAD", place, headers=TUS)
    assert answer.status == 200, answer.status
    return int(answer.headers["upload-offset"])


def send(client: Client, place: str, data: bytes, piece: int = 100_000) -> None:
    """From wherever it is to the end."""
    at = offset_of(client, place)
    while at < len(data):
        answer = add(client, place, at, data[at : at + piece])
        assert answer.status == 204, answer.body
        at = int(answer.headers["upload-offset"])
