"""Headers of every response, and changes that only pages of ours may make."""

from collections.abc import AsyncIterator, Sequence

import httpx
import pytest
from fastapi import FastAPI

from api.middleware import SameOrigin, SecurityHeaders

ORIGINS = {
    "shop": ("'self'", "https://shop.example", "https://evil.example; script-src *"),
    "bare": ("'self'",),
}


async def frame_origins(slug: str) -> Sequence[str]:
    return ORIGINS.get(slug, ())


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.add_middleware(SameOrigin, "https://desk.example")
    app.add_middleware(SecurityHeaders, frame_origins)

    @app.api_route("/{rest:path}", methods=["GET", "POST"])
    async def anything(rest: str) -> dict[str, str]:
        return {"path": rest}

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        yield client


async def test_that_pages_allow_no_inline_script_and_no_frame(client: httpx.AsyncClient) -> None:
    headers = (await client.get("/inbox")).headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert policy.endswith("frame-ancestors 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "ancestors"),
    [
        ("/widget/shop", "frame-ancestors 'self' https://shop.example"),
        ("/widget/bare", "frame-ancestors 'self'"),
        ("/widget/unknown", "frame-ancestors 'none'"),
        ("/widget/shop/other", "frame-ancestors 'none'"),
    ],
)
async def test_that_only_the_companys_own_origins_may_frame_its_widget(
    client: httpx.AsyncClient, path: str, ancestors: str
) -> None:
    assert (await client.get(path)).headers["content-security-policy"].endswith(ancestors)


async def test_that_any_site_may_load_the_launcher(client: httpx.AsyncClient) -> None:
    assert (await client.get("/widget/v1.js")).headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://shop.example"},
        {"Origin": "null"},
        {"Origin": "http://desk.test.evil.example"},
        {"Origin": "http://evil.example/desk.test"},
    ],
)
async def test_that_a_change_from_elsewhere_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await client.post("/sign-in", headers=headers)).status_code == 403
    assert (await client.get("/inbox", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://desk.test"},
        {"Origin": "http://desk.test"},
        {"Origin": "https://desk.example"},
        {"Sec-Fetch-Site": "cross-site", "Authorization": "Bearer key"},
    ],
)
async def test_that_a_change_from_here_or_with_a_key_passes(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await client.post("/sign-in", headers=headers)).status_code == 200


@pytest.mark.parametrize("origin", ["https://shop.example", "null", "https://shop.example.evil.com"])
async def test_that_no_origin_is_given_the_right_to_read(client: httpx.AsyncClient, origin: str) -> None:
    answer = await client.get("/api/widget/shop/tickets/tkt_1", headers={"Origin": origin})

    assert "access-control-allow-origin" not in answer.headers
