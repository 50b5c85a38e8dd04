"""The format of the data file."""

import json
import re
from hashlib import sha256

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import StoreUnreadable, WrongUse
from crmctl.model.change import Entry
from crmctl.storage.checksum import digest
from crmctl.storage.document import encode, encode_struct
from crmctl.storage.lines import DataFile, empty
from crmctl.storage.meta import FORMAT, HEAD, Damage, Meta, meta_line, read_meta
from crmctl.storage.parsing import parse

SMALL = 60


def rendered(file: DataFile, generation: int = 1) -> bytes:
    return b"".join(file.render(generation))


def deals(*numbers: int) -> DataFile:
    file = empty()
    for number in numbers:
        file.put("deals", number, {"id": f"D-{number}", "title": f"deal {number}"})
    return file


def test_the_file_is_json_with_one_document_a_line() -> None:
    content = rendered(deals(1, 2))
    assert content.decode().split("\n")[10:14] == [
        '"deals": {',
        ' "1": {"id":"D-1","title":"deal 1"}',
        ',"2": {"id":"D-2","title":"deal 2"}',
        "},",
    ]
    assert json.loads(content)["deals"]["2"] == {"id": "D-2", "title": "deal 2"}


def test_meta_stands_first_and_counts_every_table() -> None:
    content = rendered(deals(1, 2), generation=7)
    meta = json.loads(content.splitlines()[2].split(b": ", 1)[1])
    assert (meta["generation"], meta["counts"]["deals"], meta["counts"]["leads"]) == (7, 2, 0)


def test_the_order_of_keys_does_not_depend_on_how_they_were_set() -> None:
    one, other = empty(), empty()
    one.put(
        "deals", 1, {"zeta": 1, "stage": "new", "amount": "1", "id": "D-1", "record": "deal", "title": "x"}
    )
    other.put(
        "deals", 1, {"id": "D-1", "title": "x", "record": "deal", "amount": "1", "zeta": 1, "stage": "new"}
    )
    assert rendered(one) == rendered(other)
    assert b'{"id":"D-1","record":"deal","title":"x","stage":"new","amount":"1","zeta":1}' in rendered(one)


def test_text_is_utf_8_and_a_newline_in_it_stays_within_its_line() -> None:
    file = empty()
    file.put("deals", 1, {"id": "D-1", "title": "Сделка\nдва\r\u2028"})
    assert '"title":"Сделка\\nдва\\r\u2028"}\n'.encode() in rendered(file)


def test_a_changed_record_changes_one_line_beside_meta() -> None:
    before = rendered(deals(1, 2, 3)).split(b"\n")
    file = parse(b"\n".join(before))
    file.put("deals", 2, {"id": "D-2", "title": "new"})
    after = rendered(file, 2).split(b"\n")
    assert [at for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new] == [2, 12]


def test_a_new_record_adds_one_line_and_changes_no_other_but_meta() -> None:
    before = rendered(deals(1, 2))
    file = parse(before)
    file.put("deals", 3, {"id": "D-3"})
    gone = set(before.splitlines()) - set(rendered(file, 2).splitlines())
    assert len(gone) == 1
    assert gone.pop().startswith(b' "1": {"format"')


def test_a_record_put_as_it_is_changes_nothing() -> None:
    file = parse(rendered(deals(1)))
    file.put("deals", 1, {"title": "deal 1", "id": "D-1"})
    assert not file.changed


def test_a_number_that_is_none_is_not_stored_as_null() -> None:
    with pytest.raises(ValueError, match="deals 1 has a field without a value"):
        empty().put("deals", 1, {"id": "D-1", "score": float("nan")})


def test_the_word_null_in_text_is_no_missing_value() -> None:
    file = empty()
    file.put("deals", 1, {"id": "D-1", "title": 'a":null'})
    assert file.encoded("deals", 1) == b'{"id":"D-1","title":"a\\":null"}'


def test_text_with_half_a_character_is_refused() -> None:
    with pytest.raises(WrongUse, match="D-1 has text with half of a character"):
        empty().put("deals", 1, {"id": "D-1", "title": "\udcff"})


def test_a_format_of_the_future_is_not_called_damaged() -> None:
    content = HEAD + meta_line(Meta(FORMAT + 1, 1, {}, {}, {}, {}, digest([])))
    with pytest.raises(StoreUnreadable, match="newer crmctl") as caught:
        parse(content)
    assert not isinstance(caught.value, Damage)


@pytest.mark.parametrize(
    "sizes", [{"deals": 1}, {"deals": -1}, {"deals": 10**15}, {"leads": 1, "deals": -1}, {"other": 2}, {}]
)
def test_sizes_that_are_not_those_of_the_tables_are_damage_though_the_checksums_hold(
    sizes: dict[str, int],
) -> None:
    content = rendered(deals(1, 2))
    meta, start = read_meta(content)
    told = {name: meta.sizes.get(name, 0) + more for name, more in sizes.items()}
    forged = HEAD + meta_line(msgspec.structs.replace(meta, sizes={**meta.sizes, **told} if told else {}))
    with pytest.raises(Damage, match="do not lie where"):
        parse(forged + content[start:])


@pytest.mark.parametrize(
    "covered", [b"", b"{", b'{"format":2', b'{"format":2,"generation":"x"', b'{"\xff":2']
)
def test_a_first_line_that_nobody_can_read_is_damage_though_its_checksum_holds(covered: bytes) -> None:
    with pytest.raises(Damage, match="first line"):
        parse(HEAD + covered + b',"check":"%b"}\n' % digest([covered]).encode())


def of_format_1(content: bytes) -> bytes:
    """The same state as the first format had it, whose checksums were longer."""
    content = content.replace(b'{"format":2,', b'{"format":1,')
    end = content.index(b"\n", len(HEAD)) + 1
    covered = re.sub(
        rb',"checksum.*', b',"checksum":"%b"' % hexadecimal(content[end:]), content[len(HEAD) : end - 1]
    )
    return HEAD + covered + b',"check":"%b"}\n' % hexadecimal(covered) + content[end:]


def hexadecimal(content: bytes) -> bytes:
    return sha256(content).hexdigest().encode()


def test_a_file_of_the_first_format_is_read_and_written_as_one_of_today() -> None:
    content = rendered(deals(1, 2))
    older = of_format_1(content)
    assert len(older) > len(content)
    assert rendered(parse(older)) == content


@pytest.mark.parametrize("at", [-4, 300])
def test_damage_to_a_file_of_the_first_format_is_found(at: int) -> None:
    older = bytearray(of_format_1(rendered(deals(1, 2))))
    older[at] ^= 1
    with pytest.raises(Damage, match="checksum"):
        parse(bytes(older))


changes = st.lists(st.tuples(st.integers(1, SMALL), st.none() | st.text(max_size=5)), max_size=25)


@given(st.lists(changes, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_changes_in_any_order_give_what_a_dict_would_hold(
    rounds: list[list[tuple[int, str | None]]],
) -> None:
    model: dict[int, dict[str, str]] = {}
    file = empty()
    for generation, batch in enumerate(rounds):
        for number, title in batch:
            if title is None:
                model.pop(number, None)
                file.remove("deals", number)
            else:
                model[number] = {"id": f"D-{number}", "title": title}
                file.put("deals", number, model[number])
        in_order = sorted(model.items())
        assert (list(file.documents("deals")), file.count("deals")) == (in_order, len(model))
        assert list(file.decode("deals", dict).items()) == in_order
        content = rendered(file, generation)
        assert list(json.loads(content)["deals"].items()) == [
            (str(number), deal) for number, deal in in_order
        ]
        file = parse(content)
        assert [file.has("deals", number) for number in range(SMALL + 2)] == [
            n in model for n in range(SMALL + 2)
        ]


def test_many_lookups_find_the_same_as_few() -> None:
    file = parse(rendered(deals(*range(1, 3000, 3))))
    found = [number for number in range(3002) if file.has("deals", number)]
    assert found == list(range(1, 3000, 3))


def test_a_table_of_several_blocks_is_read_whole() -> None:
    file = empty()
    for number in range(1, 31):
        file.put("deals", number, {"id": f"D-{number}", "comment": "x" * 100_000 * (number % 3)})
    read = parse(rendered(file))
    assert [number for number, _ in read.documents("deals")] == list(range(1, 31))


SAMPLE = rendered(deals(1, 2, 3))


def test_every_flipped_byte_is_found() -> None:
    for at in range(len(SAMPLE)):
        broken = SAMPLE[:at] + bytes([SAMPLE[at] ^ 0x20]) + SAMPLE[at + 1 :]
        with pytest.raises(Damage):
            parse(broken)


@given(st.integers(0, len(SAMPLE) - 1), st.integers(1, 255))
@settings(max_examples=300)
def test_any_change_of_any_byte_is_found(at: int, change: int) -> None:
    with pytest.raises(Damage):
        parse(SAMPLE[:at] + bytes([SAMPLE[at] ^ change]) + SAMPLE[at + 1 :])


def test_a_cut_at_any_place_is_found() -> None:
    for size in range(len(SAMPLE)):
        with pytest.raises(Damage):
            parse(SAMPLE[:size])


@given(st.integers(0, len(SAMPLE) - 1), st.integers(1, 600))
@settings(max_examples=200)
def test_a_zeroed_stretch_is_found(start: int, size: int) -> None:
    size = min(size, len(SAMPLE) - start)
    with pytest.raises(Damage):
        parse(SAMPLE[:start] + bytes(size) + SAMPLE[start + size :])


@given(st.binary(min_size=1, max_size=8))
def test_anything_appended_is_found(tail: bytes) -> None:
    with pytest.raises(Damage):
        parse(SAMPLE + tail)


def test_a_line_of_history_is_written_as_any_document_with_its_keys_in_order() -> None:
    entry = Entry(
        "D-1", 2, "2026-01-02T03:04:05Z", "anna", "move", {"a": (None, ["b"])}, "k", "m", "n", "R-1", 7
    )
    assert encode_struct(entry) == encode(msgspec.to_builtins(entry))


def test_a_line_appended_is_the_line_put_under_the_next_number() -> None:
    put, appended = deals(1, 2), deals(1, 2)
    for number, note in ((1, "new"), (2, "more")):
        entry = Entry(f"D-{number}", 1, "2026-01-02T03:04:05Z", "anna", "note", note=note)
        put.put("history", number, msgspec.to_builtins(entry))
        appended.append("history", [entry])
    assert rendered(appended) == rendered(put)


def test_half_a_character_in_history_is_refused() -> None:
    with pytest.raises(WrongUse, match="D-1 has text with half of a character"):
        encode_struct(Entry("D-1", 1, "2026-01-02T03:04:05Z", "anna", "note", note="\ud800"))
