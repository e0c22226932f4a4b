"""What a trial turn came to, in the fields of `POST /api/run`, with steps and receipts."""

from dataclasses import asdict
from typing import Any

from fastapi.encoders import jsonable_encoder

from api.trying import Tried


def answer_json(tried: Tried) -> dict[str, Any]:
    """The answer in the fields of `POST /api/run`, with steps and receipts."""
    result = tried.result
    return {
        "runId": result.run_id,
        "turnId": tried.turn_id,
        "agentId": tried.agent.id,
        "company": tried.company.slug,
        "response": result.reply,
        "language": result.language,
        "intent": result.intent,
        "intentConfidence": result.intent_confidence,
        "confidence": result.confidence,
        "category": result.category,
        "keywords": list(result.keywords),
        "kind": result.kind,
        "action": result.action,
        "toolCalls": list(result.tool_calls),
        "isSafe": result.is_safe,
        "riskScore": result.risk,
        "safetyFlags": list(result.safety_flags),
        "hallucinationCheck": result.hallucination,
        "citations": list(result.citations),
        "handoff": {"offered": result.handoff_offered, "reason": result.handoff_reason},
        "latency": {"totalMs": result.total_ms, "stages": dict(result.stages)},
        "steps": jsonable_encoder([asdict(step) for step in result.steps]),
        "receipts": jsonable_encoder([asdict(receipt) for receipt in result.receipts]),
    }
