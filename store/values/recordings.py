"""What a turn's run was given besides models and tools, as it is kept for exact replay."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from store.values.scope import Json


@dataclass(frozen=True, kw_only=True)
class Recording:
    """Searches, ids and clock readings of a turn's last run, and the settings that it ran under.

    Large values that many turns share (settings, passages) are named by digest; `parts` holds them.
    """

    turn_id: str
    company_id: str
    attempt: int
    resumed: int
    """Steps that an earlier run, which was cut off, had already taken."""
    context: str
    """Digest of the settings."""
    knowledge_version: int
    calls: Json
    """`{searches, lines, ids, nows, ticks, run}`"""
    parts: Mapping[str, Json] = field(default_factory=dict)
    """By digest, what `context` and `calls` refer to."""
