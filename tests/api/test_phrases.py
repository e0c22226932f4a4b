"""A company teaches the classifier: its phrases count at once, for itself only, and can be taken back."""

import httpx

PHRASE = {"text": "the shutter went blip", "intent": "complaint", "company": "photo"}


async def intent_of(server: httpx.AsyncClient, message: str) -> str:
    answer = await server.post("/api/run", json={"message": message, "company": "photo"})
    return str(answer.json()["intent"])


async def test_that_a_taught_phrase_counts_from_the_next_message_until_it_is_forgotten(
    server: httpx.AsyncClient,
) -> None:
    before = await intent_of(server, "my shutter went blip again")
    taught = await server.post("/api/phrases", json=PHRASE)
    during = await intent_of(server, "my shutter went blip again")
    listed = (await server.get("/api/phrases", params={"company": "photo"})).json()
    forgotten = await server.delete(f"/api/phrases/{taught.json()['id']}")
    after = await intent_of(server, "my shutter went blip again")

    assert taught.status_code == 201
    assert [phrase["text"] for phrase in listed] == ["the shutter went blip"]
    assert forgotten.status_code == 204
    assert (before != "complaint", during, after) == (True, "complaint", before)


async def test_that_a_wrong_phrase_is_refused_with_the_field_named(server: httpx.AsyncClient) -> None:
    await server.post("/api/phrases", json=PHRASE)
    twice = await server.post("/api/phrases", json=PHRASE)
    strange = await server.post("/api/phrases", json={**PHRASE, "intent": "love_letter"})
    empty = await server.post("/api/phrases", json={**PHRASE, "text": " "})

    assert [answer.status_code for answer in (twice, strange, empty)] == [409, 422, 422]
    assert "intent" in strange.text
    assert "text" in empty.text
