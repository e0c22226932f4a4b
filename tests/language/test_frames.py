"""Frames are reviewed pairs: as many sentences and the same slots in both languages."""

import re

import pytest

from language import frames
from language.decide import reply_is


def _slots(sentences: tuple[str, ...]) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", " ".join(sentences)))


@pytest.mark.parametrize("key", frames.keys())
def test_that_a_frame_says_the_same_in_both_languages(key: str) -> None:
    english, hinglish = frames.raw(key, "en"), frames.raw(key, "hinglish")
    assert len(english) == len(hinglish)
    assert _slots(english) == _slots(hinglish)


@pytest.mark.parametrize("key", frames.keys())
def test_that_a_frame_is_in_its_language(key: str) -> None:
    values = dict.fromkeys(frames.slots(key), "X1")
    for language in ("en", "hinglish"):
        assert reply_is(" ".join(frames.render(key, language, values)), language), (key, language)


def test_that_a_missing_slot_is_an_error() -> None:
    with pytest.raises(KeyError, match="company"):
        frames.render("goodbye", "en", {})


def test_that_an_unknown_frame_is_an_error() -> None:
    with pytest.raises(KeyError, match="nothing_like_it"):
        frames.render("nothing_like_it", "en", {})
