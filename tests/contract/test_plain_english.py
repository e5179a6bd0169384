"""The Plain English check finds offenders and leaves plain text alone."""

import pytest

from tests.plain_english import Text, docstrings, headings, phrases, report, wh


@pytest.mark.parametrize(
    "title", ["What a sale costs", "whose order it is", "That it was counted", "Of which lines", "How it works"]
)
def test_a_docstring_that_begins_with_a_wh_word_is_found(title):
    source = f'"""A module."""\n\n\nclass It:\n    def work(self):\n        """{title}."""\n'
    assert wh(docstrings("it.py", source)) == [Text("it.py", 6, f"{title}.")]


@pytest.mark.parametrize("title", ["A sale's cost", "Thatch of a roof", "Whole refunds", "Sales that nobody reported"])
def test_a_noun_phrase_is_not_an_offender(title):
    assert not wh(docstrings("it.py", f'"""{title}."""\n'))


def test_a_heading_is_found_outside_code_blocks_only():
    page = "# Tributary\n```\n# How to run\n```\n## How to run\n"
    assert wh(headings("it.md", page)) == [Text("it.md", 5, "How to run")]


@pytest.mark.parametrize(
    ("line", "count"), [("whoever it is, be it late", 2), ("is valid no more", 1), ("no more than 25", 0)]
)
def test_phrases_with_a_plainer_form_are_counted(line, count):
    assert len(list(phrases("it.py", line))) == count


def test_one_offender_above_the_limit_fails_and_is_printed(capsys):
    offender = Text("it.py", 3, "What it is")
    assert report("offenders", [offender], most=1)
    assert not report("offenders", [offender, offender], most=1)
    assert "it.py:3: What it is" in capsys.readouterr().out
