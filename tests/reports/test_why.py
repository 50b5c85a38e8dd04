"""Reasons not to count records."""

import pytest

from crmctl.reports.why import Why


@pytest.mark.parametrize("why", Why)
def test_every_reason_has_words_for_people_and_a_code_for_programs(why: Why):
    assert why.words
    assert why.value.replace("_", "").isalpha()
