"""The `supportgraph` command. Nothing heavy is imported before a command needs it, so help is instant."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli_import import import_site

app = typer.Typer(
    help="A self-hosted, bilingual support desk for many companies.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
users = typer.Typer(help="Staff accounts.", no_args_is_help=True, rich_markup_mode=None)
keys = typer.Typer(help="API keys of servers.", no_args_is_help=True, rich_markup_mode=None)
index = typer.Typer(help="The search index.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(users, name="user")
app.add_typer(keys, name="key")
app.add_typer(index, name="index")

app.command("import")(import_site)

AsJson = Annotated[bool, typer.Option("--json", help="Machine output on stdout.")]


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Listen here; else SUPPORTGRAPH_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Listen on this port; else SUPPORTGRAPH_PORT.")] = None,
) -> None:
    """Serve the desk; in development it migrates, seeds and prints where to look."""
    from api.commands import serving

    serving.serve(host=host, port=port)


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from api.commands import upkeep

    upkeep.migrate()


@app.command()
def seed(as_json: AsJson = False) -> None:
    """Add the seeded companies; what people changed is kept."""
    from api.commands import upkeep

    upkeep.seed(as_json=as_json)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check that this installation can work; non-zero when it cannot."""
    from api.commands import upkeep

    upkeep.doctor(as_json=as_json)


@app.command()
def chat(
    company: Annotated[str, typer.Argument(help="The company's slug.")] = "aipassportphoto",
    email: Annotated[str | None, typer.Option(help="Whose conversation it is.")] = None,
    verified: Annotated[bool, typer.Option(help="Treat the e-mail as proven.")] = False,
) -> None:
    """Talk to a private copy of the desk in the terminal."""
    from api.commands import chatting

    chatting.chat(company, email=email, verified=verified)


@app.command()
def scripted(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8010,
) -> None:
    """Serve the scripted models on a local port, as any OpenAI-compatible server would."""
    from api.commands import serving

    serving.serve_scripted(port)


@users.command("create")
def user_create(
    email: Annotated[str, typer.Argument()],
    role: Annotated[str, typer.Option(help="admin or lead.")] = "lead",
    company: Annotated[str | None, typer.Option(help="One company only; else all.")] = None,
    name: Annotated[str, typer.Option()] = "",
) -> None:
    """Create a member of staff; reads the password, or makes one when stdin is no terminal."""
    from api.commands import people

    people.create_user(email, role=role, company=company, name=name)


@users.command("list")
def user_list(as_json: AsJson = False) -> None:
    """List staff."""
    from api.commands import people

    people.list_users(as_json=as_json)


@users.command("password")
def user_password(email: Annotated[str, typer.Argument()]) -> None:
    """Set a new password and sign the account out everywhere."""
    from api.commands import people

    people.set_password(email)


@keys.command("create")
def key_create(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    company: Annotated[str | None, typer.Option(help="One company only; else all.")] = None,
    scopes: Annotated[str, typer.Option(help="Of run, read, write, identity, admin.")] = "run",
) -> None:
    """Create an API key and print it once."""
    from api.commands import people

    people.create_key(name, company=company, scopes=scopes)


@keys.command("list")
def key_list(as_json: AsJson = False) -> None:
    """List API keys; only their beginnings are known."""
    from api.commands import people

    people.list_keys(as_json=as_json)


@keys.command("revoke")
def key_revoke(key_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Revoke an API key at once."""
    from api.commands import people

    people.revoke_key(key_id)


@index.command("rebuild")
def index_rebuild(
    company: Annotated[str | None, typer.Option(help="One company only; else all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make the vectors again from the database."""
    from api.commands import upkeep

    upkeep.rebuild_index(company, as_json=as_json)


@app.command("eval")
def evaluate(
    files: Annotated[list[Path], typer.Argument(help="Case files, JSON Lines.", exists=True, dir_okay=False)],
    thresholds: Annotated[str, typer.Option(help="For the ablation, such as 0.6,0.7,0.8.")] = "",
    mode: Annotated[str | None, typer.Option(help="strict, balanced or permissive.")] = None,
    trials: Annotated[int, typer.Option(min=1)] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Write results.json, results.csv, report.html here.")
    ] = None,
    gate: Annotated[Path | None, typer.Option(help="Fail when the results miss this gate.")] = None,
    baseline: Annotated[Path | None, typer.Option(help="Compare with earlier results.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; one a core, at most 4.")] = None,
    model: Annotated[
        str | None, typer.Option(help="A language model such as scripted:echo; else SUPPORTGRAPH_LLM_MODEL.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run case files on a private copy of the seeded desk and judge the replies."""
    from api.commands import evaluating

    evaluating.run(
        files,
        thresholds=thresholds,
        mode=mode,
        trials=trials,
        out=out,
        gate=gate,
        baseline=baseline,
        jobs=jobs,
        model=model,
        as_json=as_json,
    )


@app.command("check-gate")
def check_gate(
    files: Annotated[list[Path], typer.Argument(help="Case files, JSON Lines.", exists=True, dir_okay=False)],
    gate: Annotated[Path, typer.Option(help="The gate to test.", exists=True, dir_okay=False)],
    respellings: Annotated[int, typer.Option(min=0, help="How often the cases are respelled.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Test a gate: planted faults have to fail it, respelled cases must not."""
    from api.commands import evaluating

    evaluating.check_gate(files, gate=gate, respellings=respellings, as_json=as_json)


@app.command()
def probe(
    component: Annotated[
        str,
        typer.Argument(
            help="intents, language, safety, pii, guard, retrieval, effects, attacks or canaries."
        ),
    ],
    data: Annotated[
        Path | None, typer.Option(exists=True, help="The evaluator's file or folder; not for canaries.")
    ] = None,
    flag: Annotated[str | None, typer.Option(help="For safety: injection, abuse or spam.")] = None,
    model: Annotated[
        str | None,
        typer.Option(help="For attacks: the model behind the desk; scripted:obedient if not given."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure one component on the evaluator's own data."""
    from api.commands import evaluating

    evaluating.probe(component, data, flag=flag, as_json=as_json, model=model)


@app.command()
def bench(
    what: Annotated[str, typer.Argument(help="turn, stream, model, retrieval, import or start.")] = "turn",
    requests: Annotated[
        int | None, typer.Option(min=1, help="How many; each benchmark has its own number.")
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1)] = 1,
    folder: Annotated[
        Path | None, typer.Option(help="For import: HTML pages instead of made ones.", exists=True)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure speed and memory of a served desk on a private folder."""
    from api.commands import evaluating

    evaluating.bench(what, requests=requests, concurrency=concurrency, folder=folder, as_json=as_json)


@app.command()
def faults(
    profile: Annotated[str, typer.Option(help="embedded or postgres.")] = "embedded",
    seed: Annotated[int, typer.Option(help="The same seed kills at the same moments.")] = 1,
    seconds: Annotated[float, typer.Option(min=1, help="At most so long.")] = 1200.0,
    kills: Annotated[int, typer.Option(min=0, help="At most so many processes are killed.")] = 200,
    rows: Annotated[str, typer.Option(help="Rows of the fault matrix instead, such as 10,23; or all.")] = "",
    as_json: AsJson = False,
) -> None:
    """Kill real processes of a private desk while customers write, then check every promise."""
    from api.commands import faulting

    faulting.faults(profile, seed=seed, seconds=seconds, kills=kills, rows=rows, as_json=as_json)


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")], as_json: AsJson = False
) -> None:
    """Copy a desk on SQLite while it runs, and verify the copy."""
    from api.commands import keeping

    keeping.backup(target, as_json=as_json)


@app.command()
def restore(
    source: Annotated[
        Path, typer.Argument(help="A folder that `backup` made.", exists=True, file_okay=False)
    ],
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of a desk that does not run; refuses a backup that is not whole."""
    from api.commands import keeping

    keeping.restore(source, as_json=as_json)


@app.command()
def move(
    to: Annotated[str, typer.Option(help="The empty PostgreSQL database, as an SQLAlchemy URL.")],
    as_json: AsJson = False,
) -> None:
    """Copy a desk to another engine; every table is compared by count and digest."""
    from api.commands import keeping

    keeping.move(to, as_json=as_json)


@app.command("customer")
def customer(
    action: Annotated[str, typer.Argument(help="export or erase.")],
    email: Annotated[str, typer.Argument()],
    company: Annotated[str, typer.Option(help="The company's slug.")],
) -> None:
    """Show all that is kept of a customer as JSON, or erase it with a receipt."""
    from api.commands import keeping

    keeping.customer(action, email, company=company)


def main() -> None:
    """Run the command; an error of ours is one clear line on stderr."""
    from graph.errors import SupportError

    try:
        app()
    except SupportError as error:
        field = f" ({error.field})" if error.field else ""
        sys.exit(f"supportgraph: {error.message}{field}")
    except ValueError as error:  # settings that contradict themselves
        if getattr(error, "title", "") != "Settings":
            raise
        sys.exit(f"supportgraph: {_first_line(error)}")


def _first_line(error: ValueError) -> str:
    details: list[dict[str, object]] = getattr(error, "errors", list)()
    return str(details[0]["msg"]).removeprefix("Value error, ") if details else "the settings are not valid"
