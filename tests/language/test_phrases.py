"""The authored phrases and the command that fits the intent model on them."""

from collections import Counter

import numpy as np

from language.intents import INTENTS
from seeds.fit_intents import fitted, read_phrases
from seeds.phrase_templates import slots, templates, write
from seeds.softmax import Rows, fit, probabilities, temperature


def test_that_every_intent_has_hundreds_of_phrases_in_both_languages() -> None:
    counted = Counter(
        (template.intent, template.language) for template in templates(INTENTS) for _ in write(template, 30)
    )

    assert {intent for intent, _ in counted} == set(INTENTS)
    assert min(counted[intent, language] for intent in INTENTS for language in ("en", "hinglish")) >= 200


def test_that_phrases_are_filled_in_and_the_same_every_time() -> None:
    for template in list(templates(INTENTS))[::7]:
        phrases = write(template, 5)
        assert phrases == write(template, 5)
        assert not any(mark in phrase for phrase in phrases for mark in "(|)<>")


def test_that_every_slot_has_several_values() -> None:
    assert all(len(values) > 1 for values in slots().values())


def test_that_fitting_twice_gives_the_same_weights_and_learns_the_phrases() -> None:
    chosen = [t for t in templates(("greeting", "order_status")) if t.seed % 6 == 0]
    phrases = read_phrases(chosen, 3)
    everything = np.arange(len(phrases.intents))

    weights = fitted(phrases, everything)

    assert np.array_equal(weights, fitted(phrases, everything))
    assert (phrases.rows.scores(weights).argmax(axis=1) == phrases.intents).mean() > 0.95


def test_that_softmax_regression_separates_what_is_separable() -> None:
    rows = Rows.of([{0: 1.0}, {1: 1.0}, {0: 1.0, 2: 0.5}, {1: 1.0, 2: 0.5}] * 20)
    classes = np.array([0, 1, 0, 1] * 20)
    targets = np.eye(2, dtype=np.float32)[classes]

    weights = fit(rows, targets, np.ones(80, np.float32), columns=3, epochs=20, decay=0.0)

    found = probabilities(rows.scores(weights))
    assert (found.argmax(axis=1) == classes).all()
    assert np.allclose(found.sum(axis=1), 1.0)


def test_that_the_temperature_cools_a_model_that_is_too_sure() -> None:
    logits = np.array([[8.0, 0.0]] * 10, np.float32)
    classes = np.array([0] * 7 + [1] * 3)

    assert temperature(logits, classes) > 2.0
