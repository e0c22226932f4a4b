"""The `supportgraph` command. Nothing heavy is imported before a command needs it, so help is instant."""

import sys
from typing import Annotated

import typer

from api.cli_again import gate, replay, rerun
from api.cli_eval import bench, check_gate, check_isolation, evaluate, faults, load, probe
from api.cli_import import import_site
from api.cli_keep import backup, customer, move, restore
from api.cli_look import outcomes, parity, recall, reviews

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


app.command("import")(import_site)
app.command("eval")(evaluate)
app.command("check-gate")(check_gate)
app.command("check-isolation")(check_isolation)
LOOKING_BACK = (recall, outcomes, parity, reviews)
AGAIN = (replay, rerun, gate)
for command in (probe, bench, faults, load, backup, restore, move, customer, *AGAIN, *LOOKING_BACK):
    app.command()(command)


def main() -> None:
    """Run the command; an error of ours is one clear line on stderr."""
    from api.environment import prepare_environment

    prepare_environment(tracing=False)
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
