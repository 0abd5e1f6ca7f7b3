"""What one look brings to the whole."""

from __future__ import annotations

from typing import Any

Seen = dict[str, Any]
"""Some fields of a deployment."""

LIMIT = 10.0  # seconds for one look
