"""`vanthu serve` and `vanthu demo`."""

from __future__ import annotations

import os
from pathlib import Path

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ lắng nghe. The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Cổng. The port.")
@click.option(
    "--processes", type=click.IntRange(1, 64), default=2, show_default=True, help="Số tiến trình. Server processes."
)
def serve(host: str, port: int, processes: int) -> None:
    """Mở các trang web. Serve the pages to browsers."""
    import core.cli

    if not os.access(Path.cwd(), os.X_OK):  # called by root from its own folder; gunicorn wants one it may enter
        os.chdir("/")
    from web.server import run

    run(core.cli.settings(), host=host, port=port, processes=processes)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ lắng nghe. The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Cổng. The port.")
@click.option(
    "--preset", default="demo", show_default=True, help="Cỡ thành phố mẫu: demo, small. Size of the sample city."
)
def demo(host: str, port: int, preset: str) -> int:
    """Chạy thử với một thành phố mẫu. Run the whole suite with a sample city."""
    from web.demo import run

    return run(host=host, port=port, preset=preset)
