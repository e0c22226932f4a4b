"""What the builders make of the store's values."""

from dataclasses import replace
from typing import Any

from store.values.service import MINUTES, ServicePolicy
from store.values.tickets import InboxFilters
from store.values.turns import TurnTrace
from tests.ui import samples
from ui.views.graph import ARROWS, ON_FAILURE, graph_of
from ui.views.inbox import Inbox, build_inbox
from ui.views.pages import brand_stylesheet, embed_script
from ui.views.path import path_of
from ui.views.ticket import TicketPage, build_ticket
from ui.views.trace import build_trace
from ui.views.waterfall import LEFT, RIGHT, waterfall_of


def inbox(filters: InboxFilters | None = None, **fields: Any) -> Inbox:
    """The inbox with three tickets."""
    page = samples.inbox_page(samples.TICKET, samples.ESCALATED, samples.CLOSED, **fields)
    return build_inbox(
        page,
        filters or InboxFilters(),
        shell=samples.SHELL,
        looker=samples.LOOKER,
    )


def ticket(source: object = samples.TICKET, user_id: str = "usr_1") -> TicketPage:
    """The ticket page with one trace."""
    return build_ticket(
        source,  # type: ignore[arg-type]
        samples.MESSAGES,
        [samples.TRACE],
        shell=samples.SHELL,
        around=replace(samples.AROUND, user_id=user_id),
    )


def test_that_the_inbox_groups_by_who_has_to_move() -> None:
    assert [(group.key, len(group.rows)) for group in inbox().groups] == [
        ("escalated", 1),
        ("bot", 1),
        ("resolved", 1),
    ]


def test_that_a_line_shows_the_way_of_its_newest_turn() -> None:
    path = inbox().groups[0].rows[0].path
    assert path is not None
    assert path.label == "Path: safety, triage, specialist, guard"


def test_that_a_pressed_filter_takes_itself_away_and_keeps_the_others() -> None:
    view = inbox(InboxFilters(group="open", language="en", tag="technical"))
    language = next(facet for facet in view.facets if facet.title == "Language")
    tag = next(facet for facet in view.facets if facet.title == "Tag")
    assert [choice.url for choice in language.choices if choice.on] == ["/inbox?tag=technical"]
    assert [choice.url for choice in tag.choices if choice.on] == ["/inbox?language=en"]
    assert view.filtered


def test_that_the_views_count_and_keep_the_filters() -> None:
    view = inbox(InboxFilters(group="open", tag="technical"))
    views = {choice.label: choice for choice in view.facets[0].choices}
    assert (views["Open"].count, views["Open"].on, views["Open"].url) == (2, True, "/inbox?tag=technical")
    assert (views["Needs a person"].count, views["Needs a person"].on) == (1, False)
    assert views["Needs a person"].url == "/inbox?tag=technical&view=person"
    assert views["All"].url == "/inbox?tag=technical&view=all"


def test_that_a_filter_that_fits_nothing_is_still_there_to_be_taken_away() -> None:
    view = inbox(InboxFilters(tag="gone"))
    tags = next(facet for facet in view.facets if facet.title == "Tag")
    assert [(choice.label, choice.count) for choice in tags.choices if choice.on] == [("gone", 0)]


def test_that_pages_link_to_their_neighbours_with_the_filters() -> None:
    view = inbox(InboxFilters(group="bot"), page=2, pages=3)
    assert view.newer == "/inbox?view=bot&page=1"
    assert view.older == "/inbox?view=bot&page=3"
    assert view.query == "view=bot"


def test_that_words_that_nobody_has_read_are_marked_for_people_only() -> None:
    rows = {group.key: group.rows[0] for group in inbox(last_said=3).groups}
    assert rows["escalated"].unread
    assert not rows["bot"].unread
    read = replace(samples.LOOKER, reads={"tkt_2": 3})
    page = samples.inbox_page(samples.ESCALATED, last_said=3)
    view = build_inbox(page, InboxFilters(), shell=samples.SHELL, looker=read)
    assert not view.groups[0].rows[0].unread


def test_that_a_wait_is_compared_with_what_the_company_promised() -> None:
    waits = {group.key: (group.rows[0].stands, group.rows[0].waiting) for group in inbox().groups}
    assert waits["escalated"] == ("soon", "4 min left")
    assert waits["bot"] == ("fine", "26 min")
    hasty = replace(samples.LOOKER, policies={"cmp_1": ServicePolicy({**MINUTES, "high": 20})})
    view = build_inbox(
        samples.inbox_page(samples.ESCALATED), InboxFilters(), shell=samples.SHELL, looker=hasty
    )
    assert (view.groups[0].rows[0].stands, view.groups[0].rows[0].waiting) == ("late", "6 min late")


def test_that_a_reply_of_the_bot_says_how_it_was_made_and_what_it_rests_on() -> None:
    said = ticket().messages[1]
    assert said.voice == "bot"
    assert said.made == "specialist · reboot_node · 0.91 · 15 ms"
    assert said.claims is not None
    assert said.claims.word == "1 of 2 claims rest on a source"
    assert said.claims.family == "waiting"
    assert said.path is not None
    assert [shape.kind for shape in said.path.shapes] == ["dot", "dot", "diamond", "dot"]


def test_that_notes_and_people_have_their_own_voices() -> None:
    assert [said.voice for said in ticket().messages] == ["customer", "bot", "note", "human"]


def test_that_an_offer_that_nobody_accepted_is_told() -> None:
    offered = ticket(replace(samples.TICKET, handoff_available=True)).notice
    assert offered is not None
    assert offered.family == "waiting"
    assert ticket(samples.CLOSED).notice is None


def test_that_the_trace_shows_the_newest_turn_or_the_one_asked_for() -> None:
    second = TurnTrace(samples.turn(id="trn_2"), samples.STEPS[:1], (), ())
    traces = [samples.TRACE, second]
    newest = build_trace(samples.TICKET, samples.MESSAGES, traces, shell=samples.SHELL)
    asked = build_trace(samples.TICKET, samples.MESSAGES, traces, shell=samples.SHELL, chosen="trn_1")
    foreign = build_trace(samples.TICKET, samples.MESSAGES, traces, shell=samples.SHELL, chosen="trn_9")
    assert [page.turn.id for page in (newest, asked, foreign) if page.turn] == ["trn_2", "trn_1", "trn_2"]


def test_that_each_step_says_what_came_of_it() -> None:
    page = build_trace(samples.TICKET, samples.MESSAGES, [samples.TRACE], shell=samples.SHELL)
    assert page.turn is not None
    assert [step.summary for step in page.turn.steps] == [
        "pass, risk 0.02, nothing found",
        "ticket_creation 0.93, rule “node reboot”, on to specialist",
        "1 tool use, 1 passage found, 1 sentence written, specialist",
        "strict mode, repaired, 1 of 2 claims held",
    ]
    specialist = page.turn.steps[2]
    assert specialist.tools[0].sign.word == "Succeeded on try 2"
    assert [piece.text for piece in specialist.passages[0].pieces if piece.marked] == [
        "A reboot takes 2 minutes."
    ]


def test_that_a_step_recorded_by_other_code_is_shown_as_far_as_it_is_known() -> None:
    odd = samples.step(
        1, "answer", 0, 1.0, {"evidence": "lost", "draft": None, "failure": {"error": "TimeoutError"}}
    )
    trace = TurnTrace(samples.turn(total_ms=None, confidence=None), (odd,), (), ())
    page = build_trace(samples.TICKET, (), [trace], shell=samples.SHELL)
    assert page.turn is not None
    assert page.turn.steps[0].summary == "answer failed: TimeoutError"


def test_that_the_graph_draws_exactly_the_way_that_was_taken() -> None:
    drawn = graph_of(["safety", "triage", "answer", "escalation"], {})
    on = {edge.path for edge in drawn.edges if edge.on}
    taken = [("start", "safety"), ("safety", "triage"), ("triage", "answer"), ("escalation", "end")]
    assert on == {ARROWS[pair] for pair in taken} | {ON_FAILURE["answer", "escalation"]}
    assert {node.name for node in drawn.nodes if node.state == "off"} == {"specialist", "guard"}
    assert not [edge for edge in graph_of([], {}).edges if edge.on]


def test_that_the_waterfall_stays_inside_its_drawing() -> None:
    slow = samples.step(5, "guard", 900, 80_000, {})
    for steps in (samples.STEPS, (slow,), samples.STEPS[:1]):
        drawn = waterfall_of(steps, samples.CALLS, 14.8)
        assert all(bar.x >= LEFT and bar.x + bar.width <= RIGHT + 1 for bar in drawn.bars)
        assert 4 <= len(drawn.ticks) <= 8
    assert waterfall_of((), (), 0).bars == ()


def test_that_a_strip_has_at_most_four_shapes_and_says_the_whole_way() -> None:
    path = path_of(["safety", "triage", "answer", "guard", "escalation"])
    assert path is not None
    assert [shape.kind for shape in path.shapes] == ["dot", "dot", "dot", "triangle"]
    assert path.label.endswith("guard, escalation")
    assert path_of([]) is None


def test_that_only_colours_reach_stylesheet_and_snippet() -> None:
    brand = {"brand": "#99284a", "brand_ink": "#fff; } * { display: none", "brand_dark": 'x" onload="'}
    assert brand_stylesheet(brand) == ":root {\n  --brand: #99284a;\n}\n"
    attributes = 'data-company="shop" data-lang="auto" data-brand="#99284a"'
    assert embed_script("shop", brand) == f'<script async src="/widget/v1.js" {attributes}></script>'
