"""The classifier of each company: the shipped model with the phrases that the company has taught it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from graph.ports import Classifier
from language.intents import IntentModel
from language.taught import TaughtModel, TaughtPhrase
from store.values.phrases import IntentPhrase


@dataclass
class TaughtClassifiers:
    """Keeps one classifier per company until its phrases change."""

    base: Classifier
    _made: dict[str, tuple[tuple[str, ...], Classifier]] = field(default_factory=dict)

    def of(self, company_id: str, phrases: Sequence[IntentPhrase]) -> Classifier:
        """The company's classifier; the shipped one where it has taught nothing."""
        if not phrases or not isinstance(self.base, IntentModel):
            return self.base
        key = tuple(phrase.id for phrase in phrases)
        held = self._made.get(company_id)
        if held is None or held[0] != key:
            taught = (TaughtPhrase(phrase.text, phrase.intent) for phrase in phrases)
            held = self._made[company_id] = (key, TaughtModel(self.base, taught))
        return held[1]
