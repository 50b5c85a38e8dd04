"""What a person at a real terminal is asked about tasks."""

import pexpect


def end(child: pexpect.spawn) -> int:
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus


def test_a_time_that_is_over_is_not_taken_for_the_next_task(terminal, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale")
    crm("create", "task", "--template", "call", "--for", "D-1")
    child = terminal("complete", "T-1", "--result", "call_back")
    child.expect("due")
    child.sendline("2020-01-01")
    child.expect("is in the past")
    child.sendline("+2d")
    child.expect("T-2")
    assert end(child) == 0


def test_the_end_of_a_task_asks_what_comes_next_where_nothing_says_it(terminal, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale")
    for _ in range(2):
        crm("create", "task", "Письмо", "-s", "type=message", "--for", "D-1")
    child = terminal("complete", "T-1")
    child.expect("does not say what comes next")
    child.expect("send_offer  Выслать прайс-лист")
    child.expect("TEMPLATE")
    child.sendline("nothing")
    child.expect("unknown task template")
    child.sendline("call:+2d")
    child.expect("T-3")
    assert end(child) == 0
    child = terminal("complete", "T-2")
    child.expect("- for nothing")
    child.sendline("-")
    child.expect("status = done")
    assert end(child) == 0


def test_a_task_is_taken_over_from_a_colleague_once_that_is_agreed_to(terminal, crm) -> None:
    crm("create", "task", "Дело")
    crm("take", "T-1", "--user", "oleg")
    child = terminal("take", "T-1")
    child.expect(r"take over T-1 \(oleg\)\?")
    child.sendline("n")
    child.expect("nothing was changed")
    assert end(child) == 1
    child = terminal("take", "T-1")
    child.expect("take over")
    child.sendline("y")
    child.expect("assignee = anna")
    assert end(child) == 0
