"""What libraries read from the environment by themselves, set before they are imported."""

import os


def prepare_environment(*, tracing: bool) -> None:
    """Strict checkpoints, no telemetry, and no tracing unless the settings or LangSmith's own variables ask.

    Texts are redacted before any run; inputs and outputs stay hidden all the same, unless somebody says no.
    """
    os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    # vectors are short here: threads of the algebra library only spin and take time from other turns
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if tracing or os.environ.get("LANGSMITH_TRACING", "").lower() == "true":
        os.environ["LANGSMITH_TRACING"] = "true"
        os.environ.setdefault("LANGSMITH_HIDE_INPUTS", "true")
        os.environ.setdefault("LANGSMITH_HIDE_OUTPUTS", "true")
    else:
        names = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2")
        os.environ.update(dict.fromkeys(names, "false"))
