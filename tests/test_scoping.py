"""Every statement of a repository keeps its tables in the caller's companies, or is counted here with why."""

from pathlib import Path

from tests.scoping import unscoped

BY_CHECKED_COMPANY = {
    ("agents._TOOLS", "CompanyTools"): 1,
    ("agents._free_name", "Agents"): 1,
    ("agents._no_default", "Agents"): 1,
    ("agents.company_tools", "CompanyTools"): 1,
    ("erasure._found", "Customers"): 1,
    ("erasure._found", "Sessions"): 1,
    ("erasure._found", "Tickets"): 1,
    ("erasure.erase", "BusinessRecords"): 1,
    ("erasure.erase", "Customers"): 1,
    ("erasure.erase", "Gaps"): 1,
    ("erasure.erase", "OneTimeCodes"): 1,
    ("erasure.erase", "Orders"): 1,
    ("erasure.erase", "Outbox"): 1,
    ("erasure.erase", "Sessions"): 1,
    ("erasure.erase", "Tickets"): 1,
    ("erasure.erase", "Turns"): 1,
    ("evals.add_case", "OwnCases"): 2,
    ("figures.keep", "FigureDays"): 1,
    ("imports.schedule", "ImportSchedules"): 1,
    ("jobs.claim", "Jobs"): 1,
    ("keys.create", "ApiKeys"): 1,
    ("ledger.begin", "Ledger"): 1,
    ("outside.of_company", "HttpTools"): 1,
    ("outside._OFFERED", "HttpTools"): 1,
    ("passages._bump", "Companies"): 1,
    ("passages._swap", "Passages"): 3,
    ("phrases._OF_COMPANY", "IntentPhrases"): 1,
    ("phrases.add", "IntentPhrases"): 2,
    ("recall.decide", "Recalls"): 1,
    ("recall.note_change", "KnowledgeChanges"): 1,
    ("tags.ensure", "Tags"): 1,
}
"""They name a company that was checked before, or write the row of one."""
BY_FOUND_ROW = {
    ("acceptance._continuation", "Tickets"): 1,
    ("agents.delete", "Tickets"): 1,
    ("choice._supersede", "Messages"): 1,
    ("choice._supersede", "Turns"): 1,
    ("conversations.by_client_message", "Messages"): 1,
    ("conversations.feedback", "Feedback"): 1,
    ("erasure.expire", "Gaps"): 1,
    ("erasure.expire", "Tickets"): 1,
    ("fencing._FENCED", "Tickets"): 1,
    ("fencing._reset", "Events"): 1,
    ("fencing._sent", "Events"): 1,
    ("figures.newest_calls", "Turns"): 1,
    ("imports.add_pages", "ImportPages"): 2,
    ("imports.start", "ImportPages"): 1,
    ("inbox._last_asked", "Messages"): 1,
    ("inbox._last_messages", "Messages"): 2,
    ("inbox._last_nodes", "Turns"): 2,
    ("labels._COPY", "Tickets"): 1,
    ("labels._NAMES", "TicketTags"): 1,
    ("outcomes.recount", "Events"): 1,
    ("ownership._stop_turns", "Turns"): 2,
    ("ownership.tag", "TicketTags"): 1,
    ("projection._TAGS", "TicketTags"): 1,
    ("quarantine.decide", "HeldPassages"): 1,
    ("recall.changes", "Passages"): 1,
    ("recall.claims", "Recalls"): 1,
    ("reviews._drawable", "Reviews"): 1,
    ("reviews.marks", "Turns"): 1,
    ("sessions.check_code", "OneTimeCodes"): 1,
    ("sessions.send_code", "OneTimeCodes"): 1,
    ("turns._INPUT", "Tickets"): 1,
}
"""They name rows that were found in scope before, or are joined to such rows."""
OTHERWISE = {
    ("companies.identity_secrets", "Companies"): 1,
    ("desk_work.canned", "CannedReplies"): 1,
    ("figures._conditions", "ToolCalls"): 1,
    ("figures._conditions", "Turns"): 1,
    ("figures.changed", "Tickets"): 1,
    ("figures.changed", "Turns"): 1,
    ("recall.answers", "Recalls"): 1,
    ("recall.answers", "Receipts"): 1,
    ("recall.answers", "Tickets"): 1,
    ("recall.answers", "Turns"): 1,
    ("recall.count", "Recalls"): 1,
    ("recall.count", "Receipts"): 1,
    ("reviews.drawable", "Turns"): 1,
    ("reviews.left", "Turns"): 1,
    ("rules._ordered", "SupportRules"): 1,
    ("search.matching", "Customers"): 1,
    ("search.matching", "Tickets"): 1,
    ("sessions.use_token_id", "UsedTokenIds"): 2,
    ("staff.memberships", "Memberships"): 1,
    ("staff.withdraw", "Memberships"): 1,
    ("tags.all", "Tags"): 1,
}
"""Rows for all companies too, the operator's repository, conditions that others keep in scope."""


def test_that_every_statement_keeps_its_tables_in_scope() -> None:
    assert unscoped() == BY_CHECKED_COMPANY | BY_FOUND_ROW | OTHERWISE


def test_that_the_reading_of_the_source_finds_a_removed_condition(tmp_path: Path) -> None:
    """Guards the test above against reading nothing."""
    whole = "class R:\n    def f(self):\n        return update(Turns).where(*self._within(Turns))\n"
    found = []
    for text in (whole, whole.replace("*self._within(Turns)", "*()")):
        (tmp_path / "one.py").write_text(text, "utf-8")
        found.append(unscoped(tmp_path))
    assert found == [{}, {("one.f", "Turns"): 1}]
