"""What each tool reads and, for a write, what it changes: None means that the record does not allow it."""

from collections.abc import Callable, Mapping

from tools.backoffice import Change, Record

RECORD_KIND: Mapping[str, str] = {
    "order_lookup": "order",
    "lookup_photo_request": "photo_request",
    "resend_download_link": "photo_request",
    "lookup_deployment": "node_deployment",
    "reboot_node": "node_deployment",
}


def resend_download_link(record: Record, at: str) -> Change | None:
    """A completed request whose link may be sent again."""
    if record.payload.get("resend_allowed") is not True or not record.payload.get("download_url"):
        return None
    return Change(payload={"asset_delivery": "resent", "last_resent_at": at})


def reboot_node(record: Record, at: str) -> Change | None:
    """A node that may be rebooted and is not rebooting already."""
    if record.payload.get("reboot_allowed") is not True or record.status == "rebooting":
        return None
    return Change(status="rebooting", payload={"last_reboot_at": at})


WRITES: Mapping[str, Callable[[Record, str], Change | None]] = {
    "resend_download_link": resend_download_link,
    "reboot_node": reboot_node,
}
