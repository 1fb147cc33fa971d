"""The progress bar of a plan."""

from __future__ import annotations

import math

from bluehelm.cli.progress import CountBar, ProgressBar


def test_the_bar_tells_goal_best_bound_and_gap_on_standard_error(capsys):
    with ProgressBar(60, shown=True) as watch:
        watch("Priority 1", 0.75, 0.8)
    told = capsys.readouterr()
    assert told.out == ""
    assert "Priority 1" in told.err
    assert "best 0.75 · bound 0.8 · gap 6.67%" in told.err


def test_what_is_not_known_yet_is_left_out(capsys):
    with ProgressBar(60, shown=True) as watch:
        watch("Priority 1", -math.inf, 0.8)
    told = capsys.readouterr().err
    assert "bound 0.8" in told
    assert "best" not in told
    assert "gap" not in told


def test_a_bar_that_nobody_sees_says_nothing(capsys):
    with ProgressBar(60, shown=False) as watch:
        watch("Priority 1", 1.0, 1.0)
    assert capsys.readouterr().err == ""


def test_runs_are_counted_with_the_time_left_and_what_was_done_before_is_not_speed(capsys):
    with CountBar(shown=True) as bar:
        bar(3, 8)
        bar(5, 8)
    assert (bar.done, bar.total) == (5, 8)
    assert "/8 runs, time left" in capsys.readouterr().err
    with CountBar(shown=False) as silent:
        silent(1, 2)
    assert silent.done == 1 and capsys.readouterr().err == ""
