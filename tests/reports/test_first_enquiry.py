"""The source of a client's first enquiry."""

from crmctl.reports.first_enquiry import Enquired, first_sources


def test_it_is_that_of_the_first_lead_or_deal_of_the_person() -> None:
    enquiries = [
        Enquired("D-2", "2026-03", "radio", "C-1"),
        Enquired("L-1", "2026-01", "ads", "C-1"),
        Enquired("D-1", "2026-01", "fair", "C-1"),
        Enquired("D-3", "2026-02", "fair", "C-2"),
    ]
    assert first_sources(enquiries, {}) == {"D-1": "ads", "D-2": "ads", "D-3": "fair"}


def test_the_persons_of_a_company_are_one_client() -> None:
    enquiries = [Enquired("L-1", "2026-01", None, "C-1"), Enquired("D-1", "2026-02", "ads", "C-2")]
    assert first_sources(enquiries, {"C-1": {"O-1"}, "C-2": {"O-1", "O-2"}}) == {"D-1": None}


def test_a_deal_that_follows_on_another_has_that_ones_client() -> None:
    enquiries = [
        Enquired("D-1", "2026-01", "ads", "C-1"),
        Enquired("D-2", "2026-02", "fair", "C-2", "D-1"),
        Enquired("D-3", "2026-03", "fair", "C-3", "D-2"),
        Enquired("D-4", "2026-03", "fair", "C-4", "D-5"),
    ]
    assert first_sources(enquiries, {}) == {"D-1": "ads", "D-2": "ads", "D-3": "ads", "D-4": "fair"}
