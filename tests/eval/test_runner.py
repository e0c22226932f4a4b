"""Every case is put to a desk that is as seeded, once for each trial and each setting."""

from eval.runner import Plan, Setting, run
from tests.eval.fakes import Asked, FakeDesk, case, reply


async def test_that_a_case_reaches_the_desk_as_written() -> None:
    desk = FakeDesk()
    wanted = case(email="anna@example.com", verified=True, turns=("Hi", "Status?"))

    await run(Plan(cases=(wanted,)), desk)

    assert desk.asked == [Asked("shop", "anna@example.com", True, ("Hi", "Status?"), None, None)]


async def test_that_the_reply_to_the_last_turn_is_judged() -> None:
    desk = FakeDesk({"Status?": reply(kind="specialist", tools=("lookup",))})
    cases = (
        case("c1", turns=("Hi", "Status?"), tools=("lookup",)),
        case("c2", turns=("Status?", "Hi"), tools=("lookup",)),
    )

    outcome = await run(Plan(cases=cases), desk)

    assert [result.passed for result in outcome.results] == [True, False]


async def test_that_trials_and_settings_each_start_from_the_seeds() -> None:
    desk = FakeDesk()
    plan = Plan(cases=(case("c1"), case("c2")), trials=2, thresholds=(0.6, 0.8), modes=("strict", "balanced"))
    finished: list[int] = []

    outcome = await run(plan, desk, finished.append)

    assert desk.resets == 6
    assert len(outcome.trials) == 2
    assert [setting for setting, _ in outcome.ablation] == [
        Setting(0.6, "strict"),
        Setting(0.8, "strict"),
        Setting(0.6, "balanced"),
        Setting(0.8, "balanced"),
    ]
    assert sum(finished) == plan.conversations == 12


async def test_that_a_chosen_mode_holds_for_the_run_and_its_ablation() -> None:
    desk = FakeDesk()

    await run(Plan(cases=(case(),), mode="strict", thresholds=(0.7,)), desk)

    assert [(asked.threshold, asked.mode) for asked in desk.asked] == [(None, "strict"), (0.7, "strict")]


async def test_that_a_setting_between_those_that_reply_alike_is_not_run() -> None:
    desk = FakeDesk({"sure?": reply(confidence=0.9), "torn?": reply(confidence=0.7)})
    cases = tuple(case(name, turns=(f"{name}?",), kind="answer") for name in ("sure", "unsure", "torn"))
    plan = Plan(cases=cases, thresholds=(0.75, 0.6, 0.8, 0.65))
    finished: list[int] = []

    outcome = await run(plan, desk, finished.append)

    between = [asked.turns for asked in desk.asked if asked.threshold in (0.65, 0.75)]
    assert between == [("torn?",)] * 6
    assert {asked.turns for asked in desk.asked if asked.mode == "balanced"} == {("torn?",)}
    passed = {setting: [row.passed for row in results] for setting, results in outcome.ablation}
    assert list(passed) == list(plan.settings)
    assert {setting.threshold for setting, row in passed.items() if row[2]} == {0.6, 0.65}
    assert all(row[:2] == [True, False] for row in passed.values())
    assert sum(finished) == plan.conversations
