"""The registered tools: what each takes, what it needs, and the words by which customers ask for it."""

from collections.abc import Mapping

from tools.values import ToolSpec

_ID = {"id": "string"}
_RECORD = "[order"
"""The record that the message names: "restart ND-1001" is about a node without saying so."""
_STATE = (
    "status",
    "state",
    "where",
    "track",
    "ready",
    "stuck",
    "progress",
    "update",
    "done",
    "finished",
    "coming",
    "not arrived",
    "not received",
)


def _state_of(*things: str, also: tuple[tuple[str, ...], ...] = ()) -> tuple[tuple[str, ...], ...]:
    """Every way to ask how one of these things stands."""
    return tuple((thing, word) for thing in things for word in _STATE) + also


_SPECS = (
    ToolSpec(
        name="order_lookup",
        description="Status, items and expected delivery of one of the customer's own orders.",
        kind="read",
        parameters=_ID,
        needs_identity=True,
        categories=("delivery", "orders"),
        asks=_state_of("order", "parcel", "package", "shipment"),
    ),
    ToolSpec(
        name="lookup_photo_request",
        description="Status of the customer's own photo request.",
        kind="read",
        parameters=_ID,
        needs_identity=True,
        categories=("delivery",),
        asks=_state_of(
            "photo",
            "picture",
            "request",
            "order",
            also=(("not", "receive", "file"), ("not", "get", "photo"), ("not", "get", "file")),
        ),
    ),
    ToolSpec(
        name="resend_download_link",
        description="Sends the download link of a completed photo request again.",
        kind="write",
        parameters=_ID,
        needs_identity=True,
        confirmation="customer",
        lookup="lookup_photo_request",
        categories=("delivery",),
        deeds=("resend",),
        asks=(
            ("resend",),
            ("send", "link", "again"),
            ("send", "link", "back"),
            ("send", "link", "return"),
            ("send", "again"),
            ("send", "download", "link"),
            ("new", "download", "link"),
            ("expired", "link"),
            ("not received", "link"),
            ("again", "link"),
            ("once more", "link"),
            ("fresh", "link"),
            ("new", "link"),
            ("send", "link", _RECORD),
            ("fresh", _RECORD),
        ),
    ),
    ToolSpec(
        name="lookup_deployment",
        description="Status and last error of the customer's own node.",
        kind="read",
        parameters=_ID,
        needs_identity=True,
        categories=("technical",),
        asks=_state_of(
            "node",
            "deployment",
            "validator",
            also=(("node", "provisioning"), ("node", "syncing"), ("node", "down")),
        ),
    ),
    ToolSpec(
        name="reboot_node",
        description="Reboots the customer's own node where its record allows it.",
        kind="write",
        parameters=_ID,
        needs_identity=True,
        confirmation="customer",
        lookup="lookup_deployment",
        categories=("technical",),
        deeds=("reboot", "restart"),
        asks=(
            ("reboot",),
            ("restart", "node"),
            ("restart", "validator"),
            ("restart", "server"),
            ("restart", _RECORD),
        ),
    ),
    ToolSpec(
        name="create_ticket",
        description="Makes this conversation a case and returns its number.",
        kind="write",
        parameters={"category": "string", "description": "string"},
        needs_identity=False,
        confirmation="customer",
        categories=("other",),
        asks=(
            ("open", "ticket"),
            ("create", "ticket"),
            ("raise", "ticket"),
            ("new", "ticket"),
            ("file", "ticket"),
            ("log", "ticket"),
            ("register", "ticket"),
            ("put", "ticket"),
            ("open", "case"),
            ("register", "complaint"),
            ("file", "complaint"),
        ),
    ),
)


def all_tools() -> Mapping[str, ToolSpec]:
    """Every registered tool by name."""
    return {spec.name: spec for spec in _SPECS}
