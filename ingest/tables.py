"""Tables as readable lines: one per row, each cell beside the name of its column."""

from selectolax.lexbor import LexborNode

from language.text import clean


def table_lines(table: LexborNode) -> list[str]:
    """One line per row (`Country: Brazil; Size: 50x70 mm.`); a table without column names keeps its cells."""
    rows = [_cells(row) for row in table.css("tr")]
    rows = [row for row in rows if any(text for text, _ in row)]
    if not rows:
        return []
    names = [text for text, is_name in rows[0]] if all(is_name for _, is_name in rows[0]) else []
    return [line for row in rows[1 if names else 0 :] if (line := _line([text for text, _ in row], names))]


def _cells(row: LexborNode) -> list[tuple[str, bool]]:
    return [
        (clean(cell.text(separator=" ")), cell.tag == "th") for cell in row.iter() if cell.tag in ("td", "th")
    ]


def _line(cells: list[str], names: list[str]) -> str:
    if len(names) == len(cells):
        parts = [f"{name}: {text}" if name else text for name, text in zip(names, cells, strict=True) if text]
        return "; ".join(parts) + "."
    parts = [text for text in cells if text]
    return f"{parts[0]}: {', '.join(parts[1:])}." if len(parts) > 1 else "".join(parts)
