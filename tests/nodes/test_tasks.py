"""A write is chosen when it is asked for, and never when the customer says not to do it."""

import pytest

from graph.state import Memory, Question, SafetyVerdict
from nodes.triage.tasks import task_for_words
from nodes.triage.view import view_of
from tests.fakes import ScriptedToolbox, deps
from tools.specs import all_tools

SAFE = SafetyVerdict(outcome="pass", mode="balanced", risk=0.0)


def chosen(text: str) -> str | None:
    given = deps(toolbox=ScriptedToolbox(specs=all_tools()))
    return task_for_words(view_of(Question(message_ids=("msg_1",), text=text), Memory(), SAFE, given))


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("please reboot my node", "reboot_node"),
        ("mera node reboot kar do", "reboot_node"),
        ("I did not get the file, please resend the download link", "resend_download_link"),
        ("link nahi mila, download link dobara bhejo", "resend_download_link"),
    ],
)
def test_that_a_write_is_chosen_when_it_is_asked_for(text: str, tool: str) -> None:
    assert chosen(text) == tool


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("don't reboot my node, just tell me the status", "reboot_node"),
        ("do not reboot my node", "reboot_node"),
        ("never reboot the node without asking", "reboot_node"),
        ("mera node reboot mat karo, sirf status batao", "reboot_node"),
        ("please don't resend the download link", "resend_download_link"),
        ("link nahi chahiye, sirf batao photo complete hui ya nahi", "resend_download_link"),
        ("I don't need a new link, is my photo done?", "resend_download_link"),
    ],
)
def test_that_a_write_is_not_chosen_when_the_customer_says_not_to(text: str, tool: str) -> None:
    assert chosen(text) != tool
