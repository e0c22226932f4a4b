"""Uploads a finished run to LangSmith: the cases as a dataset, the replies as an experiment over it.

The run itself needs no LangSmith and is the same without it. The dataset's name carries a digest of its
cases, so the same cases are uploaded once and experiments over them can be compared side by side.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from graph.errors import Unavailable

Json = Mapping[str, Any]

_NAMESPACE = UUID("6f0c2f1e-6d0c-4f6e-9a53-0d5b8a2f4c11")
_ASKED = ("company", "language", "turns")
_WANTED = ("wantedKind", "wantedIntent", "family")
_SAID = ("kind", "reply", "tools", "intent", "action", "confidence")


def upload(
    results: Json, *, title: str, now: datetime, run_id: str, key: str, endpoint: str | None = None
) -> str:
    """Upload the results and return the experiment's name.

    `run_id` tells experiments of the same cases apart; `key` and `endpoint` are LangSmith's own. Raises
    `Unavailable` when LangSmith cannot be reached or refuses.
    """
    from langsmith import Client
    from langsmith.utils import LangSmithError

    client = Client(
        api_url=endpoint, api_key=key, auto_batch_tracing=False, hide_inputs=False, hide_outputs=False
    )
    try:
        return _upload(client, results, title, now, run_id)
    except LangSmithError as error:
        raise Unavailable(f"LangSmith did not take the experiment: {error}") from error


def _upload(client: Any, results: Json, title: str, now: datetime, run_id: str) -> str:
    cases = results["cases"]
    dataset = _dataset(client, f"supportgraph {title} {_digest(cases)}", cases)
    experiment = f"{title} {run_id}"
    project = client.create_project(
        experiment,
        reference_dataset_id=dataset.id,
        metadata={"rate": results["summary"]["rate"], "mustNotHits": results["summary"]["mustNotHits"]},
    )
    for place, case in enumerate(cases):
        _run(client, project, dataset.name, case, now + timedelta(milliseconds=place), run_id)
    return experiment


def _dataset(client: Any, name: str, cases: Sequence[Json]) -> Any:
    if client.has_dataset(dataset_name=name):
        return client.read_dataset(dataset_name=name)
    dataset = client.create_dataset(name, description="Cases of supportgraph eval")
    client.create_examples(
        dataset_id=dataset.id,
        examples=[
            {
                "id": _example_id(name, case),
                "inputs": _fields(case, _ASKED),
                "reference_outputs": _fields(case, _WANTED),
                "metadata": {"case": case["id"]},
            }
            for case in cases
        ],
    )
    return dataset


def _run(client: Any, project: Any, dataset: str, case: Json, at: datetime, run_id: str) -> None:
    identity = uuid5(_NAMESPACE, f"{run_id}:{case['id']}")
    client.create_run(
        case["id"],
        inputs=_fields(case, _ASKED),
        outputs=_fields(case, _SAID),
        run_type="chain",
        id=identity,
        project_name=project.name,
        reference_example_id=_example_id(dataset, case),
        start_time=at,
        end_time=at,
    )
    client.create_feedback(
        identity,
        key="passed",
        score=float(case["passed"]),
        comment="; ".join(case["failures"]) or None,
        session_id=project.id,
        start_time=at,
    )


def _example_id(dataset: str, case: Json) -> UUID:
    return uuid5(_NAMESPACE, f"{dataset}:{case['id']}")


def _fields(case: Json, names: Sequence[str]) -> dict[str, Any]:
    return {name: case[name] for name in names if case.get(name) is not None}


def _digest(cases: Sequence[Json]) -> str:
    asked = [[case["id"], _fields(case, _ASKED), _fields(case, _WANTED)] for case in cases]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:8]
