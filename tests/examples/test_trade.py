"""The small files of the trading house."""

from collections.abc import Callable
from pathlib import Path

TRADE = Path(__file__).parents[2] / "examples" / "trade"


def test_every_file_of_the_trading_house_is_imported_whole(run: Callable, tmp_path: Path) -> None:
    run("crmctl", "init", ".", "--template", "trade")
    told = [run("crmctl", "import", kind, TRADE / f"{kind}.csv") for kind in ("contacts", "leads", "deals")]
    assert [ended.returncode for ended in told] == [0, 0, 0], [ended.stderr for ended in told]
    assert "R-3: 5 rows: 5 created" in told[2].stderr


def test_the_second_deal_is_refused_without_its_waybill(run: Callable, tmp_path: Path) -> None:
    text = (TRADE / "deals.csv").read_text(encoding="utf-8")
    (tmp_path / "deals.csv").write_text(text.replace("20450000000101", ""), encoding="utf-8")
    run("crmctl", "init", ".", "--template", "trade")
    ended = run("crmctl", "import", "deals", "deals.csv")
    assert ended.returncode == 1
    assert "line 3: " in ended.stderr
    assert "waybill (ТТН)" in ended.stderr
