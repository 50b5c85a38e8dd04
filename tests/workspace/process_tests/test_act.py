"""What a test does, it does as the commands do it."""


def test_a_move_goes_through_the_gates_with_what_is_set(failures) -> None:
    given = "given: {deal: {stage: order, amount: 5}}\n"
    assert not failures(
        f"{given}when: {{move: sent}}\nexpect: {{refused: [close_date, waybill], stage: order}}"
    )
    assert not failures(
        f"{given}when: {{move: sent, set: {{close_date: 2026-01-10, waybill: '0017'}}}}\nexpect: {{stage: sent}}"
    )


def test_a_move_is_of_the_first_lead_or_deal_in_the_order_of_the_file(failures) -> None:
    test = """
        given: {{contact: {{}}, {}: {{}}, {}: {{}}}}
        when: {{move: lost, reason: {}}}
        expect: {{where: '{} is not empty'}}
    """
    assert not failures(test.format("lead", "deal", "spam", "reject_reason"))
    assert not failures(test.format("deal", "lead", "price", "lost_reason"))


def test_an_update_is_of_any_record_where_no_lead_and_no_deal_is_given(failures) -> None:
    assert not failures("""
        given: {contact: {first_name: Ann}}
        when: {update: {city: Lviv, first_name: null}}
        expect: {fields: {city: Lviv, first_name: null}}
    """)


def test_a_new_record_starts_where_set_says(failures) -> None:
    assert not failures("""
        when: {create: deal, pipeline: deals, set: {title: Acme, stage: order, amount: 5}}
        expect: {stage: order, created: [deal]}
    """)


def test_a_new_record_needs_a_title_as_it_does_elsewhere(failures) -> None:
    assert not failures("when: {create: deal}\nexpect: {refused: [title], created: []}")


def test_a_conversion_uses_what_is_known(failures) -> None:
    assert not failures("""
        given:
          contact: {first_name: Ann, phone: '050 123 45 67', contact_type: client}
          lead: {title: Daisy, phone: '+380501234567', stage: talk}
        when: {convert: {to: [contact, deal], pipeline: deals, stage: order}, set: {amount: 5}}
        expect: {created: {deal: {contact: C-1, stage: order, title: Daisy}}, stage: won}
    """)


def test_what_an_action_makes_is_given_its_fields_by_its_type(failures) -> None:
    given = "given: {lead: {stage: talk}}\n"
    assert not failures(f"{given}when: {{move: won}}\nexpect: {{refused: [contact.contact_type]}}")
    assert not failures(f"{given}when: {{move: won}}\nexpect: {{refused: [contact_type]}}")
    assert not failures(
        f"{given}when: {{move: won, set: {{contact.contact_type: client}}}}\n"
        "expect: {created: {contact: {contact_type: client}, deal: {}}, tasks: [call]}"
    )


def test_a_rejection_names_its_reason(failures) -> None:
    assert not failures("given: {lead: {}}\nwhen: {reject: Spam}\nexpect: {fields: {reject_reason: spam}}")
    assert not failures("given: {lead: {}}\nwhen: {reject: none}\nexpect: {refused: [reject_reason]}")


def test_rows_are_imported_with_their_headings_and_set_nothing_off(failures) -> None:
    assert not failures("""
        when:
          import:
            record: deal
            rows:
              - {Deal Name: Acme, Amount: 12.5, Deal Stage: order, Tags: null}
              - {Deal Name: Beta}
          set: {comment: from the fair}
        expect:
          created: [deal, deal]
          tasks: []
          stage: order
          fields: {amount: 12.50 UAH, comment: from the fair}
    """)


def test_a_row_may_change_what_is_there(failures) -> None:
    assert not failures("""
        given: {deal: {amount: 5}}
        when: {import: {record: deal, rows: [{id: D-1, stage: order}]}}
        expect: {created: [], stage: order}
    """)


def test_rejected_rows_are_a_refusal_for_their_fields(failures) -> None:
    assert not failures("""
        when: {import: {record: deal, rows: [{Title: Acme, Stage: order}, {Title: Beta, Amount: 12x}]}}
        expect: {refused: [amount]}
    """)
    assert not failures("when: {import: {record: deal, rows: [{Titel: Acme}]}}\nexpect: {refused: true}")


def test_a_refusal_that_is_not_about_fields_goes_by_its_rule(failures) -> None:
    assert not failures("given: {deal: {stage: sent}}\nwhen: {move: offer}\nexpect: {refused: [not_allowed]}")
    assert not failures("""
        given: {contact: {phone: '+380501234567'}}
        when: {create: contact, set: {first_name: Ann, phone: '+380501234567', contact_type: client}}
        expect: {refused: [duplicate]}
    """)
    assert not failures("""
        given: {contact: {}, lead: {converted_to: C-1}}
        when: {convert: [contact]}
        expect: {refused: [already_converted]}
    """)


def test_a_value_that_its_field_does_not_take_is_refused_for_the_field(failures) -> None:
    assert not failures("given: {deal: {}}\nwhen: {update: {waybill: 17}}\nexpect: {refused: [waybill]}")
    assert not failures(
        "given: {deal: {}}\nwhen: {update: {close_date: 2026-02-30}}\nexpect: {refused: [close_date]}"
    )
