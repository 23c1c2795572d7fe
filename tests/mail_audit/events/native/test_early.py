"""A log is begun while Polars is still being loaded: nothing on the way to the first line may need it."""

from __future__ import annotations

import subprocess
import sys

EARLY = """
import sys
import mail_audit.cli.auditing, mail_audit.pipeline, mail_audit.report.render
from mail_audit.archives import Piece
from mail_audit.events.native import scanner
from mail_audit.zones import Zone

Zone.named("Asia/Ho_Chi_Minh")
found = scanner._scanner(scanner.library())
assert found.scan(Piece(b"Oct  1 01:02:03 mail postfix/qmgr[7]: 15CC220C006: removed\\n", 0, 0))
print(found.counts[0], "polars" in sys.modules)
"""


def test_the_first_lines_are_scanned_without_polars() -> None:
    done = subprocess.run([sys.executable, "-c", EARLY], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 False\n", "")
