"""Papers of training: the certificate, and the sheet that is signed in a class. Pure."""

from __future__ import annotations
