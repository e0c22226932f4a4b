"""What libraries read from the environment by themselves, set before they are imported."""

import os


def prepare_environment(*, tracing: bool) -> None:
    """Strict checkpoints, no telemetry, and no tracing unless the settings ask for it."""
    os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    # vectors are short here: threads of the algebra library only spin and take time from other turns
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if tracing:  # texts are redacted before any run; inputs and outputs stay hidden all the same
        switches = {
            "LANGSMITH_TRACING": "true",
            "LANGSMITH_HIDE_INPUTS": "true",
            "LANGSMITH_HIDE_OUTPUTS": "true",
        }
    else:
        names = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2")
        switches = dict.fromkeys(names, "false")
    os.environ.update(switches)
