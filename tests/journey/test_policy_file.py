"""policy.json: written and read back, with a sentence for every rule in every language."""

from __future__ import annotations

import json

import pytest

from bluehelm.adaptation.policy import policy_of
from bluehelm.adaptation.policy_observables import Seen
from bluehelm.errors import PlanFilesError
from bluehelm.journey.policy_file import POLICY_FILE, policy_bytes, read_policy
from tests.adaptation.policy_plans import deed, fan, move, tree_plan
from tests.planning import small

PLAN = tree_plan(
    fan(0.4, 0.3, 0.2, 0.1),
    movements=[*move("n2"), *move("n3"), deed("n0", "exit_order"), deed("root", "order", 1, "pledges.1")],
    closed={"n1": ["t"]},
)  # fmt: skip
SEEN = Seen({"n0": {"a": 1.0}, "n1": {"a": 2.0, "b": 3.0}, "n2": {"a": 10.0}, "n3": {"a": 14.0}})
POLICY = policy_of(PLAN, SEEN, small.norms())


def test_a_policy_reads_back_as_it_was_written(tmp_path):
    (tmp_path / POLICY_FILE).write_bytes(policy_bytes(POLICY, PLAN))
    again = read_policy(tmp_path)
    assert again is not None and again == POLICY
    assert policy_bytes(again, PLAN) == policy_bytes(POLICY, PLAN)


def test_every_rule_and_every_keep_carries_its_sentence_and_the_file_what_it_was_read_from():
    held = json.loads(policy_bytes(POLICY, PLAN))
    assert held["read_from"]["input_hash"] == PLAN.input_hash
    assert held["read_from"]["tiers"]["priority_1"] == {"objective": 0.5, "bound": 0.5, "gap": 0.0}
    told = [row["sentence"] for row in (*held["triggers"], *held["keeps"])]
    assert all(set(one) == {"en", "zh"} and one["en"] != one["zh"] and "{" not in str(one.values()) for one in told)
    assert {
        "en": "If deaths in a passed 5 a month over the 3 months before Apr 2020, move 1 × Infantry company from s to "
              "t in Apr 2020 (holds in 100% of the futures it is read from).",
        "zh": "若a在 2020年4月之前 3 个月内死亡人数超过每月 5 人，则于 2020年4月将步兵连（1 个）从s调往t"
              "（在据以得出该规则的未来中，100% 成立）。",
    } in told  # fmt: skip


def test_a_plan_folder_without_a_policy_has_none(tmp_path):
    assert read_policy(tmp_path) is None


@pytest.mark.parametrize("held", ["", "[]", "{}", '{"futures": [{"x": 1}]}'])
def test_a_file_that_is_not_as_we_wrote_it_is_refused(tmp_path, held):
    (tmp_path / POLICY_FILE).write_text(held)
    with pytest.raises(PlanFilesError, match=r"policy\.json.*cannot be read"):
        read_policy(tmp_path)
