import msgspec
from hypothesis import given
from hypothesis import strategies as st

from crmctl.reports.people import Circles, Enquiry, Standing, Win, people_among

NEW, REPEATED, RETURNING = Standing.NEW, Standing.REPEATED, Standing.RETURNING


def day(number: int) -> str:
    return f"2026-11-{number:02d}T10:00:00+00:00"


def lead(number: int, created: int, person: str = "Ann") -> Enquiry:
    return Enquiry(f"L-{number}", day(created), person)


def win(number: int, at: int, person: str = "Ann", company: str = "", until: int = 0) -> Win:
    return Win(f"D-{number}", day(at), person, company, day(until) if until else "")


def standings(leads: list[Enquiry], wins: list[Win], circles: Circles | None = None) -> list[Standing]:
    found = people_among(leads, wins, circles or Circles()).standings
    return [found[each.id] for each in leads]


def test_the_first_enquiry_is_new_and_those_after_it_are_repeated_until_one_has_won() -> None:
    leads = [lead(1, 1), lead(2, 2), lead(3, 9), lead(4, 9, "Bob")]
    assert standings(leads, [win(1, 5)], Circles(became={"L-1": ["D-1"]})) == [NEW, REPEATED, RETURNING, NEW]


def test_a_later_win_never_relabels() -> None:
    leads = [lead(1, 1), lead(2, 2)]
    assert standings(leads, [win(1, 5)]) == standings(leads, []) == [NEW, REPEATED]


def test_a_win_of_the_very_moment_was_not_before_it() -> None:
    assert standings([lead(1, 5)], [win(1, 5)]) == [NEW]


def test_a_win_that_was_taken_back_counts_for_those_who_came_while_it_stood() -> None:
    wins = [win(1, 5, until=9), win(1, 20)]
    leads = [lead(1, 4), lead(2, 7), lead(3, 9), lead(4, 10), lead(5, 20), lead(6, 21)]
    assert standings(leads, wins) == [NEW, RETURNING, RETURNING, REPEATED, REPEATED, RETURNING]


def test_a_win_that_was_taken_back_made_no_customer() -> None:
    assert people_among([], [win(1, 5, until=9), win(1, 20), win(2, 12)], Circles()).first_wins == {"D-2"}


def test_of_enquiries_of_one_moment_that_with_the_lower_number_was_the_first() -> None:
    assert standings([lead(10, 1), lead(9, 1)], []) == [REPEATED, NEW]


def test_whoever_bought_before_the_first_enquiry_is_returning() -> None:
    assert standings([lead(1, 9)], [win(1, 5)]) == [RETURNING]


def test_the_deal_that_came_of_an_enquiry_makes_nobody_an_old_client_of_it() -> None:
    own = Circles(became={"L-1": ["D-1", "D-2"]})
    assert standings([lead(1, 9)], [win(1, 5), win(2, 6)], own) == [NEW]
    assert standings([lead(1, 9)], [win(1, 5), win(2, 6), win(3, 7)], own) == [RETURNING]


def test_a_deal_is_no_old_client_by_itself() -> None:
    deal = Enquiry("D-1", day(9), "Ann")
    assert standings([deal], [win(1, 5)]) == [NEW]


def test_what_a_company_bought_or_asked_for_counts_for_all_its_people() -> None:
    circles = Circles({"Ann": ["Acme"], "Bob": ["Acme"], "Eve": ["Beta"]})
    leads = [lead(1, 1, "Ann"), lead(2, 2, "Bob"), lead(3, 7, "Bob"), lead(4, 8, "Eve")]
    assert standings(leads, [win(1, 5, "Ann", "Acme")], circles) == [NEW, REPEATED, RETURNING, NEW]


def test_what_one_of_the_people_bought_for_themselves_is_not_the_companys() -> None:
    circles = Circles({"Ann": ["Acme"], "Bob": ["Acme"]})
    assert standings([lead(1, 9, "Bob")], [win(1, 5, "Ann")], circles) == [NEW]


def test_the_first_deal_won_with_anybody_of_a_company_makes_the_customer() -> None:
    circles = Circles({"Ann": ["Acme"], "Bob": ["Acme"]})
    wins = [win(3, 7, "Eve"), win(2, 5, "Bob", "Acme"), win(1, 6, "Ann", "Acme"), win(4, 8, "Eve")]
    assert people_among([], wins, circles).first_wins == {"D-2", "D-3"}


def test_of_wins_of_one_moment_that_with_the_lower_number_made_the_customer() -> None:
    assert people_among([], [win(10, 5), win(9, 5)], Circles()).first_wins == {"D-9"}


PERSONS = st.sampled_from("abcd")
LEADS = st.lists(st.tuples(st.integers(1, 28), PERSONS), max_size=8).map(
    lambda drawn: [lead(at, *each) for at, each in enumerate(drawn, start=1)]
)
WINS = st.lists(
    st.tuples(
        st.integers(1, 28), PERSONS, st.sampled_from(["", "O-1", "O-2"]), st.just(0) | st.integers(1, 9)
    ),
    max_size=8,
).map(
    lambda drawn: [
        win(at, since, person, company, lasted and since + lasted)
        for at, (since, person, company, lasted) in enumerate(drawn, start=1)
    ]
)
COMPANIES = st.dictionaries(PERSONS, st.sets(st.sampled_from(["O-1", "O-2"])))
BECAME = st.dictionaries(
    st.sampled_from(["L-1", "L-2", "L-3"]), st.sets(st.sampled_from(["D-1", "D-2", "D-3"]))
)


@given(LEADS, WINS, COMPANIES, BECAME)
def test_standings_are_as_defined(leads, wins, companies, became) -> None:
    circles = Circles(companies, became)
    people = people_among(leads, wins, circles)
    for each in leads:
        circle = {each.person, *companies.get(each.person, ())}
        bought = [
            one
            for one in wins
            if {one.person, one.company} & circle
            and one.at < each.created
            and (not one.until or each.created <= one.until)
            and one.deal not in became.get(each.id, ())
        ]
        asked = [
            one
            for one in leads
            if ({one.person, *companies.get(one.person, ())} & circle) and one.place < each.place
        ]
        expected = RETURNING if bought else REPEATED if asked else NEW
        assert people.standings[each.id] is expected


@given(LEADS, WINS, COMPANIES, BECAME, st.integers(1, 28))
def test_what_comes_later_changes_nothing(leads, wins, companies, became, until) -> None:
    circles = Circles(companies, became)
    whole = people_among(leads, wins, circles)
    then = people_among(
        [each for each in leads if each.created <= day(until)],
        [_known(each, day(until)) for each in wins if each.at <= day(until)],
        circles,
    )
    assert then.standings == {name: whole.standings[name] for name in then.standings}
    stand = [each for each in wins if not each.until]
    before = people_among([], [each for each in stand if each.at <= day(until)], circles)
    assert before.first_wins == {each.deal for each in stand if each.at <= day(until)} & set(whole.first_wins)


def _known(each: Win, at: str) -> Win:
    return msgspec.structs.replace(each, until="") if each.until > at else each


@given(LEADS, WINS, COMPANIES, BECAME, st.randoms())
def test_the_order_in_which_records_are_told_does_not_matter(leads, wins, companies, became, random) -> None:
    circles, mixed, others = Circles(companies, became), list(leads), list(wins)
    random.shuffle(mixed)
    random.shuffle(others)
    assert people_among(mixed, others, circles) == people_among(leads, wins, circles)
