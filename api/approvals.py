"""What a colleague's yes or no does: the action runs once, or does not, and the customer is told."""

from collections.abc import Mapping

from api.auth.callers import Caller
from api.desk import Desk
from api.remote_tools import HttpRemote, remote_of
from api.wire import Body, Reply
from graph.errors import Conflict, NotFound, SupportError
from store.unit import UnitOfWork
from store.values.outside import Approval
from tools.remote import RemoteConfig

DONE = {
    "en": "A colleague has approved it, and it is done: {action}.",
    "hinglish": "Ek colleague ne approve kar diya aur ho gaya: {action}.",
}
REFUSED = {
    "en": "A colleague has looked at it and cannot approve it: {action}.",
    "hinglish": "Ek colleague ne dekha hai, par ise approve nahi kar sakte: {action}.",
}
FAILED = {
    "en": "A colleague has approved it, but it did not go through yet: {action}. We are looking into it.",
    "hinglish": "Ek colleague ne approve kiya, par abhi ho nahi paya: {action}. Hum dekh rahe hain.",
}


class Decision(Body):
    """Yes or no."""

    approve: bool


class ApprovalView(Reply):
    """An action that needs or needed a colleague."""

    id: str
    tool: str
    action: str
    arguments: dict[str, str]
    status: str
    decided_by: str


def view_of(row: Approval) -> ApprovalView:
    """The action as staff see it."""
    arguments = {name: str(value) for name, value in row.arguments.items()}
    return ApprovalView(
        id=row.id,
        tool=row.tool,
        action=row.action,
        arguments=arguments,
        status=row.status,
        decided_by=row.decided_by,
    )


async def decide(
    desk: Desk, caller: Caller, ticket_id: str, approval_id: str, author: str, *, approve: bool
) -> ApprovalView:
    """Approve and run, or refuse; the customer reads what came of it on the ticket."""

    def take(uow: UnitOfWork) -> Approval:
        uow.tickets.get(ticket_id)
        row = uow.approvals.get(approval_id)
        if row.ticket_id != ticket_id:
            raise NotFound("no such action", field="id")
        taken = uow.approvals.decide(approval_id, "approved" if approve else "refused", caller.id)
        action = "approval.approve" if approve else "approval.refuse"
        uow.audit.add(caller.id, action, approval_id, company_id=row.company_id)
        return taken

    row = await desk.store.write(caller.scope, take)
    status, words = ("refused", REFUSED) if not approve else await _run(desk, caller, row)

    def tell(uow: UnitOfWork) -> ApprovalView:
        uow.approvals.ended(row.id, status, status)
        language = "hinglish" if _spoke_hinglish(uow, ticket_id) else "en"
        uow.tickets.human_reply(
            ticket_id, caller.id, words[language].format(action=row.action), author=author
        )
        return view_of(uow.approvals.get(row.id))

    return await desk.store.write(caller.scope, tell)


async def _run(desk: Desk, caller: Caller, row: Approval) -> tuple[str, Mapping[str, str]]:
    try:
        remote, email = await desk.store.read(caller.scope, lambda uow: _remote(uow, desk, row))
        sent = {name: str(value) for name, value in row.arguments.items()}
        await remote.call({**sent, "email": email}, row.key)
    except SupportError:
        return "failed", FAILED
    return "done", DONE


def _remote(uow: UnitOfWork, desk: Desk, row: Approval) -> tuple[HttpRemote, str]:
    """The tool as it is configured now, and the customer's proven address."""
    tools = uow.http_tools.of_company(row.company_id)
    tool = next((tool for tool in tools if tool.name == row.tool and tool.enabled), None)
    if tool is None:
        raise Conflict("The tool is gone.", field="tool")
    ticket = uow.tickets.get(row.ticket_id)
    known = ticket.customer_id if ticket.verified else None
    remote = remote_of(
        RemoteConfig.model_validate(tool.config),
        uow.http_tools.secret(tool.id),
        uow.companies.get(row.company_id),
        desk.settings,
        desk.execution.builder.breakers.of(tool.id),
    )
    return remote, uow.customers.get(known).email if known else ""


def _spoke_hinglish(uow: UnitOfWork, ticket_id: str) -> bool:
    said = [message for message in uow.tickets.messages(ticket_id) if message.role == "assistant"]
    return bool(said) and said[-1].language == "hinglish"
