"""Builds sentences from frames and from the company's own texts, so that every node words things one way."""

from graph.ports import Company
from graph.state import ReplyLanguage, Sentence
from language import frames


def say(
    key: str, language: ReplyLanguage, company: Company, *, source_id: str | None = None, **slots: str
) -> tuple[Sentence, ...]:
    """A frame's sentences with `company` (and `example`) filled in where the frame has them."""
    ours = {"company": company.name, "example": company.id_example}
    wanted = frames.slots(key)
    values = {name: value for name, value in {**ours, **slots}.items() if name in wanted}
    rendered = frames.render(key, language, values)
    return tuple(
        Sentence(text=text, frame=f"{key}#{index}", slots=values, source_id=source_id)
        for index, text in enumerate(rendered)
    )


def company_says(name: str, language: ReplyLanguage, company: Company) -> Sentence:
    """One of the company's own sentences: `greeting`, `contact` or `scope`."""
    texts = {"greeting": company.greeting, "contact": company.contact, "scope": company.scope}
    return Sentence(text=texts[name][language], source_id=f"company:{name}")


def text_of(sentences: tuple[Sentence, ...]) -> str:
    """The reply as one text."""
    return " ".join(sentence.text for sentence in sentences)
