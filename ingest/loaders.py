"""The one place that knows langchain-community's document loaders; it runs in a process of its own.

The library is being sunset; whoever replaces it changes this module and nothing else. The process has bounded
memory and no environment, because an uploaded PDF is as hostile as a web page.
"""

import json
import resource
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

PROGRAM = "from ingest.loaders import serve; serve()"


def load(kind: str, file: Path) -> list[dict[str, str]]:
    """The file's parts: `text`, and for a table the columns of its row. Raises what the loaders raise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library announces its end at every import
        from langchain_community import document_loaders as loaders

        made: dict[str, Any] = {
            "md": lambda: loaders.TextLoader(str(file), encoding="utf-8"),
            "csv": lambda: loaders.CSVLoader(
                str(file), metadata_columns=("question", "answer", "category"), encoding="utf-8"
            ),
            "pdf": lambda: loaders.PyPDFLoader(str(file)),
            "docx": lambda: loaders.Docx2txtLoader(str(file)),
        }
        documents = made[kind]().load()
    return [
        {"text": item.page_content, **{str(name): str(value) for name, value in item.metadata.items()}}
        for item in documents
    ]


def serve() -> None:
    """One file from the input, its parts as JSON; what is wrong with it is the last line of the error."""
    memory, kind = int(sys.argv[1]), sys.argv[2]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"upload.{kind}")
        file.write_bytes(sys.stdin.buffer.read())
        sys.stdout.write(json.dumps(load(kind, file)))
