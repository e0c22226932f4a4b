"""What is read from a page, and what is not."""

import pytest

from ingest.extract import Document, decode, extract

PAGE = """<!doctype html><html><head><title>Shipping · Booth</title>
<link rel="canonical" href="/shipping"></head>
<body>
<header><a href="/">Home</a><nav><ul><li><a href="/a">About</a></li></ul></nav></header>
<main><h1>Shipping</h1><p>We ship on <b>weekdays</b>. Parcels leave at 2 p.m. sharp.</p>
<h2>Prices</h2><table><tr><th>Country</th><th>Price</th></tr><tr><td>Brazil</td><td>$9</td></tr>
<tr><td>Japan</td><td>$12</td></tr></table>
<h2>Carriers</h2><p>We use these carriers:</p><ul><li>DHL</li><li>India Post</li></ul>
<h3>Slow ones</h3><ul><li>India Post needs nine days for a parcel to Delhi.</li>
<li>DHL needs two days there.</li></ul>
<pre><code>ship --to delhi
ship --to pune</code></pre></main>
<footer>Imprint and cookies</footer></body></html>"""


def lines(document: Document) -> list[str]:
    return [line for section in document.sections for line in section.lines]


def test_that_title_headings_and_sentences_are_read() -> None:
    document = extract(PAGE)

    assert document.title == "Shipping"
    assert document.canonical == "/shipping"
    assert document.sections[0].heading == ()
    assert document.sections[0].lines == ("We ship on weekdays.", "Parcels leave at 2 p.m. sharp.")
    assert [section.heading for section in document.sections[1:]] == [
        ("Prices",),
        ("Carriers",),
        ("Carriers", "Slow ones"),
    ]


def test_that_tables_read_as_sentences() -> None:
    assert extract(PAGE).sections[1].lines == ("Country: Brazil; Price: $9.", "Country: Japan; Price: $12.")


def test_that_short_items_join_the_line_that_announces_them() -> None:
    assert extract(PAGE).sections[2].lines == ("We use these carriers: DHL, India Post.",)


def test_that_long_items_and_code_keep_their_lines() -> None:
    assert extract(PAGE).sections[3].lines == (
        "India Post needs nine days for a parcel to Delhi.",
        "DHL needs two days there.",
        "ship --to delhi",
        "ship --to pune",
    )


def test_that_navigation_is_left_out() -> None:
    said = " ".join(lines(extract(PAGE)))

    assert "About" not in said
    assert "Imprint" not in said


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>SECRET</p>",
        '<p aria-hidden="true">SECRET</p>',
        '<p style="display:none">SECRET</p>',
        '<span style="font-size:0">SECRET</span>',
        '<div style="position:absolute; left:-9999px">SECRET</div>',
        "<!-- SECRET -->",
        "<script>SECRET</script>",
        "<template><p>SECRET</p></template>",
        '<div class="cookie-banner">SECRET</div>',
    ],
)
def test_that_text_which_nobody_sees_is_dropped(hidden: str) -> None:
    document = extract(f"<body><main><h1>A</h1><p>Seen by all.</p>{hidden}</main></body>")

    assert "SECRET" not in repr(document)
    assert lines(document) == ["Seen by all."]


def test_that_details_become_questions() -> None:
    document = extract(
        "<main><h1>FAQ</h1><h2>Paying</h2><details><summary>Can I pay by card?</summary>"
        "<p>Yes. Visa and RuPay are fine.</p></details></main>"
    )

    (asked,) = document.questions
    assert asked.question == "Can I pay by card?"
    assert asked.lines == ("Yes.", "Visa and RuPay are fine.")
    assert asked.heading == ("Paying",)


def test_that_declared_questions_are_read_and_not_repeated() -> None:
    declared = (
        '{"@context":"https://schema.org","@graph":[{"@type":"FAQPage","mainEntity":[{"@type":"Question",'
        '"name":"Can I pay by card?","acceptedAnswer":'
        '{"@type":"Answer","text":"<p>Yes, by <b>Visa</b>.</p>"}}]}]}'
    )
    document = extract(
        f'<head><script type="application/ld+json">{declared}</script></head><body><main><h1>FAQ</h1>'
        "<details><summary>Can I pay by card?</summary><p>Yes.</p></details></main></body>"
    )

    (asked,) = document.questions
    assert asked.lines == ("Yes, by Visa .",) or asked.lines == ("Yes, by Visa.",)


@pytest.mark.parametrize(
    "broken", ["{not json", '{"@type": "Question"}', "[" * 2000, '{"@type":"Question","name":3}']
)
def test_that_broken_declarations_are_passed_over(broken: str) -> None:
    html = f'<script type="application/ld+json">{broken}</script><main><h1>A</h1><p>Text stays.</p></main>'

    assert extract(html).questions == ()


def test_that_malformed_pages_are_read_as_far_as_they_go() -> None:
    assert lines(extract("<h1>A</h1><p>One <b>two<p>Three</div></table><li>four")) != []
    assert extract("").sections == ()


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        ("<p>für</p>".encode(), ""),
        ('<meta charset="iso-8859-1"><p>für</p>'.encode("iso-8859-1"), ""),
        ("<p>für</p>".encode("utf-16"), "utf-16"),
        ("<p>für</p>".encode("windows-1252"), "no-such-charset"),
    ],
)
def test_that_charsets_are_found(body: bytes, declared: str) -> None:
    assert "für" in decode(body, declared)
