"""The options of `supportgraph import`; nothing heavy is imported before it runs."""

from typing import Annotated

import typer


def import_site(
    url: Annotated[str, typer.Argument(help="Where the site starts.")],
    company: Annotated[str, typer.Option(help="Whose knowledge it becomes.")],
    max_pages: Annotated[int, typer.Option(help="At most so many addresses.")] = 500,
    depth: Annotated[int, typer.Option(help="Links from the start page to the farthest page.")] = 5,
    prefix: Annotated[str, typer.Option(help="Only paths that begin so, such as /docs/.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would be imported.")] = False,
    allow_private: Annotated[
        list[str] | None, typer.Option(metavar="HOST", help="May be private, and needs no pauses; repeat.")
    ] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Only what failed last time.")] = False,
    schedule: Annotated[str, typer.Option(help="nightly: import it again every night.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Machine output on stdout.")] = False,
) -> None:
    """Import a website into a company's knowledge."""
    from api.commands import importing
    from graph.errors import Invalid
    from ingest.order import Order

    if schedule not in ("", "nightly"):
        raise Invalid("a schedule is nightly", field="schedule")
    order = Order(
        url=url,
        max_pages=max_pages,
        depth=depth,
        prefix=prefix,
        dry_run=dry_run,
        allow_private=tuple(allow_private or ()),
    )
    importing.import_site(order, company=company, retry=retry_failed, nightly=bool(schedule), as_json=as_json)
