"""Standing facts kept from the event store: measured month by month, made again, and reports made of them."""

from __future__ import annotations
