"""The store in a bucket of a server that speaks S3.

A `put` is over when the server has said that it has the whole object; S3 shows no half of one, and an upload in parts
that was broken off shows nothing (have the bucket's rules clear such parts away). Whatever the server answers but an
object or "no such key" means that nothing is known: it is asked again for as long as `timeout_seconds`, and then
`StoreUnavailableError` says what to look after.

The library keeps threads, which do not live on in a forked process: the connection is opened when it is first needed,
in whichever process that is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.store.cache import Cache, held
from core.store.model import Kept, MissingError, Store, checked
from core.store.options import BucketOptions
from core.store.refusals import refusal
from core.store.secret import secret_of

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import S3Store

PART_BYTES = 16 * 1024 * 1024
"""Larger objects are put and fetched in parts of this size."""
AT_ONCE = 8
_SCHEME = "s3://"


@dataclass(frozen=True)
class BucketStore(Store):
    """The objects of `s3://BUCKET/PREFIX`, as `options` say to reach it; copies lie on this machine."""

    place: str
    options: BucketOptions
    secret: str = field(default="", repr=False)
    held: Path | None = field(default=None, compare=False)
    """Where what is asked for is held, for as long as that folder is there."""

    def __post_init__(self) -> None:
        """ValueError for a place without a bucket."""
        bucket, _, prefix = self.place.removeprefix(_SCHEME).partition("/")
        if not bucket or not bucket.isascii() or not bucket.isprintable() or any(sign in bucket for sign in " @:?#"):
            raise ValueError("store")
        if prefix.strip("/"):
            checked(prefix.strip("/"))

    def __truediv__(self, prefix: str) -> BucketStore:
        """The part below `prefix`."""
        return replace(self, place=f"{self.place.rstrip('/')}/{checked(prefix)}")

    @property
    def drafts(self) -> Path:
        """Beside the copies, so that what was put can be one."""
        return Path(self.options.cache) / "drafts"

    @property
    def cache(self) -> Cache:
        """The copies on this machine."""
        return _cache(Path(self.options.cache) / "copies", self.options.cache_megabytes * 1_000_000)

    @contextmanager
    def holding(self) -> Iterator[BucketStore]:
        """Copies that are asked for have another name, on the same disk, until the end."""
        with self.draft() as folder:
            yield replace(self, held=folder)

    def put(self, key: str, content: bytes) -> None:
        """Keep `content`; what was there is replaced at once."""
        self._put(checked(key), content)

    def put_file(self, key: str, path: Path) -> None:
        """Keep what a file holds, in parts where it is large; the file becomes the copy on this machine."""
        version = self._put(checked(key), path)
        self.cache.take(f"{self.place}/{key}", version, path)

    def put_folder(self, prefix: str, folder: Path) -> None:
        """Keep the files of a folder, several at once; where one fails, the others may be there."""
        files = sorted(folder.iterdir())
        with ThreadPoolExecutor(AT_ONCE) as workers:
            list(workers.map(lambda path: self.put_file(f"{prefix}/{path.name}", path), files))

    def _put(self, key: str, content: bytes | Path) -> str:
        import obstore

        with self._asking(key):
            done = obstore.put(self._server, key, content, chunk_size=PART_BYTES, max_concurrency=AT_ONCE)
        return f"{done['e_tag']}"

    def read(self, key: str) -> bytes:
        """An object's content. Raises `MissingError`."""
        import obstore

        with self._asking(checked(key)):
            return bytes(obstore.get(self._server, key).bytes())

    def file(self, key: str) -> Path:
        """A copy on this machine, fetched where there is none. Raises `MissingError`."""
        return self._copy(key, self._known(key))

    def files(self, prefix: str) -> dict[str, Path]:
        """Copies of all that lies directly below `prefix`, several fetched at once. Raises `MissingError`."""
        known = [one for one in self._listed(prefix) if "/" not in one[0].removeprefix(f"{prefix}/")]
        if not known:
            raise MissingError(prefix)
        with ThreadPoolExecutor(AT_ONCE) as workers:
            copies = list(workers.map(lambda one: self._copy(*one), known))
        return {copy.name: copy for copy in copies}

    def _copy(self, key: str, known: ObjectMeta) -> Path:
        def fetch(path: Path) -> float:
            self._fetch(key, known, path)
            return known["last_modified"].timestamp()

        copy = self.cache.copy(f"{self.place}/{key}", f"{known['e_tag']}", fetch)
        return copy if self.held is None else held(copy, self.held)

    def _fetch(self, key: str, known: ObjectMeta, path: Path) -> None:
        """Part by part: each has the server's time, and memory holds one."""
        import obstore

        with path.open("xb") as file:
            for start in range(0, known["size"], PART_BYTES):
                part = (start, min(start + PART_BYTES, known["size"]))
                with self._asking(key):
                    got = obstore.get(self._server, key, options={"range": part, "if_match": known["e_tag"]}).bytes()
                file.write(got)

    def has(self, key: str) -> bool:
        """Whether there is such an object."""
        try:
            self._known(key)
        except MissingError:
            return False
        return True

    def _known(self, key: str) -> ObjectMeta:
        """What the server knows of an object. It says no more than "not found", also where the bucket is not found."""
        import obstore

        try:
            with self._asking(checked(key)):
                return obstore.head(self._server, key)
        except MissingError:
            self._listed(key)
            raise

    def listed(self, prefix: str) -> list[Kept]:
        """All objects below `prefix`, in the order of keys."""
        return [Kept(key, one["size"], one["last_modified"].timestamp()) for key, one in self._listed(prefix)]

    def _listed(self, prefix: str) -> list[tuple[str, ObjectMeta]]:
        import obstore

        with self._asking(checked(prefix)):
            found = [one for page in obstore.list(self._server, prefix, chunk_size=1000) for one in page]
        return sorted(((one["path"], one) for one in found), key=lambda one: one[0])

    def remove(self, key: str) -> None:
        """Take an object away; one that is not there is as good."""
        import obstore

        try:
            with self._asking(checked(key)):
                obstore.delete(self._server, key)
        except MissingError:
            pass

    def remove_folder(self, prefix: str) -> None:
        """Take away all that lies below `prefix`, many at once."""
        import obstore

        keys = [one.key for one in self.listed(prefix)]
        if keys:
            try:
                with self._asking(prefix):
                    obstore.delete(self._server, keys)
            except MissingError:
                pass

    def sweep(self, *, older_than: float) -> int:
        """Take away drafts that were left, and copies that do not fit."""
        self.cache.tidy()
        return super().sweep(older_than=older_than)

    @property
    def _server(self) -> S3Store:
        return _connected(os.getpid(), self.place, self.options, self.secret)

    @contextmanager
    def _asking(self, key: str) -> Iterator[None]:
        """Raise `MissingError` or `StoreUnavailableError` for what the library raises."""
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError) as failed:
            raise refusal(failed, key, self.place) from failed


@lru_cache(maxsize=64)
def _cache(folder: Path, most_bytes: int) -> Cache:
    """The copies below a folder; one for the process, which counts what it adds."""
    return Cache(folder, most_bytes)


@lru_cache(maxsize=64)
def _connected(_process: int, place: str, options: BucketOptions, secret: str) -> S3Store:
    """The connection of a process to one part of the store."""
    from obstore.store import S3Store

    silence = timedelta(seconds=options.timeout_seconds)
    bucket, _, prefix = place.removeprefix(_SCHEME).partition("/")
    client: dict[str, Any] = {
        "allow_http": not options.is_encrypted,
        "connect_timeout": silence,
        "read_timeout": silence,
        "timeout": 10 * silence,
    }
    if options.ca_file:
        client["root_certificate"] = Path(options.ca_file).read_bytes()
    return S3Store(
        bucket,
        endpoint=options.endpoint or None,
        prefix=prefix.strip("/") or None,
        region=options.region,
        access_key_id=options.access_key,
        secret_access_key=secret_of(options, secret),
        virtual_hosted_style_request=options.host_style,
        client_options=client,  # type: ignore[arg-type] # a TypedDict that is put together
        retry_config={"max_retries": 10, "retry_timeout": silence},
    )
