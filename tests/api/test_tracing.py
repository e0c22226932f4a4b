"""Traces are off without an endpoint, and hold ids, names and figures but no words of customers."""

from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api.tracing import NoTracing, Spans, open_tracing, provider
from graph.build import build_graph
from graph.parts import FinishedPart
from graph.run import TurnStart, run_turn
from graph.state import Memory, Question
from store.values.exchanges import Exchange
from store.values.turns import Claim
from tests.fakes import ScriptedRetriever, deps, hit
from tests.models import ScriptedModel

CLAIM = Claim(turn_id="trn_1", ticket_id="tkt_1", company_id="cmp_1", token=1, attempt=1)


async def finished() -> FinishedPart:
    question = Question(message_ids=("msg_1",), text="Does a lamp come with a bulb?")
    start = TurnStart(turn_id="trn_1", ticket_id="tkt_1", question=question, memory=Memory())
    given = deps(retriever=ScriptedRetriever(hits=(hit(0.95),)), model=ScriptedModel())
    parts = [part async for part in run_turn(build_graph(None), start, given)]
    assert isinstance(parts[-1], FinishedPart)
    return parts[-1]


def test_that_without_an_endpoint_there_are_no_traces() -> None:
    assert isinstance(open_tracing({}), NoTracing)


async def test_that_a_turn_is_a_tree_of_steps_and_calls() -> None:
    exporter = InMemorySpanExporter()
    spans = Spans(provider(), SimpleSpanProcessor, exporter)
    part = await finished()
    call = Exchange(
        kind="model",
        step="answer",
        name="scripted:echo",
        version="1a2b",
        request={"user": "Does a lamp come with a bulb?"},
        response={"text": "Every lamp comes with one bulb. [1]"},
        fault="timed out",
        tokens_in=90,
        ms=2.0,
        started_at=part.steps[-2].started_at,
    )

    spans.turn(CLAIM, part, [call])
    spans.close()

    found = {span.name: span for span in exporter.get_finished_spans()}
    assert set(found) == {"turn", "safety", "triage", "answer", "guard", "chat answer"}
    turn = found["turn"]
    assert turn.attributes is not None
    assert (turn.attributes["supportgraph.ticket"], turn.attributes["supportgraph.kind"]) == (
        "tkt_1",
        "answer",
    )
    parents = {name: span.parent.span_id if span.parent else 0 for name, span in found.items()}
    assert parents["triage"] == turn.context.span_id
    chat = found["chat answer"].attributes
    assert chat is not None
    assert (chat["gen_ai.usage.input_tokens"], chat["error.type"]) == (90, "timed out")
    told = str([(span.name, dict(span.attributes or {})) for span in found.values()])
    assert "bulb" not in told
