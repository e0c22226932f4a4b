"""A phrase that a company taught the classifier."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class IntentPhrase:
    """What customers of this company say, and the intent it stands for."""

    id: str
    company_id: str
    intent: str
    text: str
    created_at: datetime
