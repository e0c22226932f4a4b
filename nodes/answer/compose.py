"""From a passage to the few sentences that answer, in the customer's language."""

from graph.ports import Company, Retriever
from graph.state import Citation, Hit, ReplyLanguage, Sentence
from graph.wording import say


async def compose(
    query: str,
    hit: Hit,
    language: ReplyLanguage,
    company: Company,
    retriever: Retriever,
    said: tuple[Sentence, ...] = (),
    before: tuple[str, ...] = (),
) -> tuple[Sentence, ...]:
    """The lines of the passage that answer, as stored; a page without Hinglish is quoted in a frame.

    Of a passage that has answered another part of the message (`said`), some line that it did not say yet.
    A follow-up hears more than it was told `before`, where there is more.
    """
    english = hit.passage.text.split("\n")
    hinglish = hit.passage.hinglish.split("\n") if hit.passage.hinglish else []
    best = list(await retriever.lines(query, hit, limit=3)) or [0]
    told = {sentence.quote for sentence in said if sentence.source_id == hit.passage.id}
    indices = [index for index in best if english[index] not in told]
    indices = indices or await _untold(query, hit, english, told, retriever) or best
    if before and all(english[index] in before for index in indices):
        indices = [*indices[:2], *await _untold(query, hit, english, told.union(before), retriever)]
    indices = sorted(indices)
    if language == "en":
        return tuple(_line(english[index], hit, english[index]) for index in indices)
    spoken = hinglish if len(hinglish) == len(english) else [""] * len(english)
    if any(spoken[index] for index in indices):
        return tuple(_line(spoken[index], hit, english[index]) for index in indices if spoken[index])
    quote = next((english[index] for index in indices if english[index] not in before), english[indices[0]])
    return say("website_says", language, company, source_id=hit.passage.id, quote=quote)


async def _untold(
    query: str, hit: Hit, english: list[str], told: set[str], retriever: Retriever
) -> list[int]:
    """The best of the lines that nobody has heard yet, if there is one."""
    left = [line for line in english if line not in told]
    if not left:
        return []
    rest = hit.model_copy(update={"passage": hit.passage.model_copy(update={"text": "\n".join(left)})})
    return [english.index(left[place]) for place in await retriever.lines(query, rest, limit=1)]


def _line(text: str, hit: Hit, quote: str) -> Sentence:
    return Sentence(text=text, source_id=hit.passage.id, quote=quote)


def citations(
    sentences: tuple[Sentence, ...], hits: tuple[Hit, ...], language: ReplyLanguage
) -> tuple[Citation, ...]:
    """The cited passages in order of first use, numbered from 1."""
    passages = {hit.passage.id: hit.passage for hit in hits}
    cited = dict.fromkeys(s.source_id for s in sentences if s.source_id in passages)
    return tuple(
        Citation(
            number=number,
            title=(language == "hinglish" and passages[key].title_hinglish) or passages[key].title,
            url=passages[key].url,
            source_id=key,
        )
        for number, key in enumerate((key for key in cited if key), start=1)
    )
