"""The source of a client's first enquiry."""

from crmctl.reports.first_enquiry import SourcedEnquiry, first_sources


def test_it_is_that_of_the_first_lead_or_deal_of_the_person() -> None:
    enquiries = [
        SourcedEnquiry("D-2", "2026-03", "C-1", "radio"),
        SourcedEnquiry("L-1", "2026-01", "C-1", "ads"),
        SourcedEnquiry("D-1", "2026-01", "C-1", "fair"),
        SourcedEnquiry("D-3", "2026-02", "C-2", "fair"),
    ]
    assert first_sources(enquiries, {}) == {"D-1": "ads", "D-2": "ads", "D-3": "fair"}


def test_the_persons_of_a_company_are_one_client() -> None:
    enquiries = [
        SourcedEnquiry("L-1", "2026-01", "C-1", None),
        SourcedEnquiry("D-1", "2026-02", "C-2", "ads"),
    ]
    assert first_sources(enquiries, {"C-1": {"O-1"}, "C-2": {"O-1", "O-2"}}) == {"D-1": None}


def test_a_deal_that_follows_on_another_has_that_ones_client() -> None:
    enquiries = [
        SourcedEnquiry("D-1", "2026-01", "C-1", "ads"),
        SourcedEnquiry("D-2", "2026-02", "C-2", "fair", "D-1"),
        SourcedEnquiry("D-3", "2026-03", "C-3", "fair", "D-2"),
        SourcedEnquiry("D-4", "2026-03", "C-4", "fair", "D-5"),
    ]
    assert first_sources(enquiries, {}) == {"D-1": "ads", "D-2": "ads", "D-3": "ads", "D-4": "fair"}
