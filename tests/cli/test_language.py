"""Which language the command line speaks."""

from __future__ import annotations

import pytest

from bluehelm.cli.language import language_asked


@pytest.mark.parametrize(
    ("line", "environment", "expected"),
    [
        ([], {}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "fr_FR.UTF-8"}, "en"),
        ([], {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ([], {"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"BLUEHELM_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        (["--lang", "zh", "plan"], {"BLUEHELM_LANG": "en"}, "zh"),
        (["plan", "--help", "--lang=zh"], {}, "zh"),
        (["plan", "--lang"], {}, "en"),
        (["plan", "--lang", "tlh"], {"LANG": "zh_CN"}, "zh"),
        (["plan", "--", "--lang", "zh"], {}, "en"),
    ],
)
def test_the_line_comes_before_the_environment_and_the_environment_before_the_locale(line, environment, expected):
    assert language_asked(line, environment) == expected
