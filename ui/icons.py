"""Line icons (24 units, 1.75 strokes) and status glyphs (16 units, filled), drawn for this product.

An icon is decoration: the words stand beside it. A glyph carries a status together with its word and colour.
"""

from functools import cache

from markupsafe import Markup, escape

ICONS = {
    "agents": '<rect x="5" y="8" width="14" height="11" rx="3"/><path d="M12 4.5V8M9.5 13v1.5M14.5 13v1.5"/>',
    "back": '<path d="m14 7-5 5 5 5"/>',
    "bell": '<path d="M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5H5zM10 20.5h4"/>',
    "bolt": '<path d="M13 3.5 5.5 13.5h6l-1 7 7.5-10h-6z"/>',
    "book": '<path d="M5 4.5h11a3 3 0 0 1 3 3V20H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11"/>',
    "building": '<path d="M5 20V6l7-2.5V20M12 9h7v11M3 20h18M8.5 9v.01M8.5 13v.01M15.5 13v.01"/>',
    "chat": '<path d="M4.5 5.5h15V16H11l-4.5 3.5V16h-2z"/>',
    "chevron": '<path d="m10 7 5 5-5 5"/>',
    "close": '<path d="m6.5 6.5 11 11M17.5 6.5l-11 11"/>',
    "console": '<rect x="4" y="5" width="16" height="14" rx="2"/><path d="m8 10 2.5 2L8 14M13 15h3"/>',
    "copy": '<rect x="8" y="8" width="11" height="11" rx="2"/><path d="M5 15V5h10"/>',
    "evals": '<path d="M9 4h6M10 4v5l-5 9a1.5 1.5 0 0 0 1.3 2h11.4a1.5 1.5 0 0 0 1.3-2l-5-9V4M7.5 15h9"/>',
    "figures": '<path d="M4 20h16M7 20v-7M12 20V5M17 20v-10"/>',
    "key": '<circle cx="8" cy="15" r="3.5"/><path d="m10.5 12.5 8-8M15.5 7.5l2.5 2.5"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "parity": '<path d="M12 4v16M7 20h10M4.5 8h15M4.5 8 2.5 14h4zM19.5 8l-2 6h4z"/>',
    "recall": '<path d="M5 9.5h9a5 5 0 0 1 0 10H9M9 5.5l-4 4 4 4"/>',
    "wall": '<path d="M4 6h16v12H4zM4 12h16M12 6v6M8 12v6M16 12v6"/>',
    "play": '<path d="M8 5.5v13l10-6.5z"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "records": '<rect x="4" y="5" width="16" height="4" rx="1"/><path d="M5.5 9v10h13V9M10 13h4"/>',
    "tools": '<path d="'
    'M14.5 6.5a4 4 0 0 1 5-1.5l-2.7 2.7 1.5 1.5L21 6.5a4 4 0 0 1-5.3 5.2L8 19.5a2 2 0 0 1-3-3z"/>',
    "download": '<path d="M12 4.5v10M7.5 10.5 12 15l4.5-4.5M5 19.5h14"/>',
    "gap": '<circle cx="12" cy="12" r="8"/>'
    '<path d="M9.5 9.7a2.5 2.5 0 1 1 3.4 2.4c-.6.3-.9.7-.9 1.4M12 16.2v.01"/>',
    "globe": '<circle cx="12" cy="12" r="8"/><path d="M4 12h16M12 4c5 5 5 11 0 16M12 4c-5 5-5 11 0 16"/>',
    "graph": '<circle cx="6" cy="6" r="2"/><circle cx="18" cy="9" r="2"/><circle cx="9" cy="18" r="2"/>'
    '<path d="m8 6.6 8 1.9M6.5 8l2 8M16.8 10.7 10.5 16.5"/>',
    "inbox": '<path d="M4 13 6.5 5h11L20 13v6H4zM4 13h5l1 2.5h4L15 13h5"/>',
    "logs": '<path d="M3 12h4l2.5-6 4 12 2.5-6h5"/>',
    "mail": '<rect x="4" y="6" width="16" height="12" rx="2"/><path d="m4.5 7.5 7.5 6 7.5-6"/>',
    "out": '<path d="M10 5H5v14h5M9.5 12H20M16.5 8.5 20 12l-3.5 3.5"/>',
    "person": '<circle cx="12" cy="8.5" r="3.5"/><path d="M5 20c.7-3.6 3.5-5.5 7-5.5s6.3 1.9 7 5.5"/>',
    "rules": '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/>'
    '<circle cx="9" cy="17" r="2"/>',
    "search": '<circle cx="11" cy="11" r="6"/><path d="m20 20-4.5-4.5"/>',
    "tag": '<path d="M4.5 4.5h7l8 8-7 7-8-8zM8.5 8.5h.01"/>',
}

_RING = '<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6"/>'
GLYPHS = {
    "urgent": '<path d="M8 1.5 15.3 14.5H.7z" fill="currentColor"/>'
    '<path class="in-glyph" d="M8 6v4M8 12.2v.1"/>',
    "waiting": f'{_RING}<path d="M8 3.5a4.5 4.5 0 0 1 0 9z" fill="currentColor"/>',
    "active": f'{_RING}<circle cx="8" cy="8" r="2.6" fill="currentColor"/>',
    "human": '<circle cx="8" cy="5" r="3.3" fill="currentColor"/>'
    '<path d="M1.8 14.5c.6-3.5 3-5.3 6.2-5.3s5.6 1.8 6.2 5.3z" fill="currentColor"/>',
    "done": '<circle cx="8" cy="8" r="7" fill="currentColor"/>'
    '<path class="in-glyph" d="m4.8 8.3 2.3 2.3 4.2-4.8"/>',
    "closed": f'{_RING}<path d="M5 8h6" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/>',
}


@cache
def icon(name: str) -> Markup:
    """A line icon that screen readers skip."""
    return Markup(f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{ICONS[name]}</svg>')


@cache
def glyph(name: str, label: str = "") -> Markup:
    """A status glyph; with a label it is read as an image, without it its word stands beside it."""
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(f'<svg class="glyph is-{name}" viewBox="0 0 16 16" {spoken}>{GLYPHS[name]}</svg>')
