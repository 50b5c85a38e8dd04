"""Writing a board: drawn for people, as columns of records for programs."""

from crmctl.cli.output import Output
from crmctl.render.board import Lane, draw_board
from crmctl.text import plural
from crmctl.workspace.board import Board, BoardColumn


def emit_board(output: Output, board: Board, *, whole: bool) -> None:
    """Write the open stages, or all."""
    if board.archived:
        are = "record is" if board.archived == 1 else "records are"
        output.note(f"{board.archived:,} {are} on stages that are gone, and not shown: crmctl plan")
    columns = [column for column in board.columns if whole or column.stage.open]
    if output.shows_every_field:
        output.json(
            {
                "pipeline": board.pipeline.id,
                "columns": [_object(board, column) for column in columns],
            }
        )
        return
    lanes = [_lane(board, column) for column in columns]
    output.text("".join(f"{line}\n" for line in draw_board(lanes, output.style)))
    closed = sum(len(column.rows) for column in board.columns) - sum(len(column.rows) for column in columns)
    if closed:
        output.status(f"{plural(closed, 'closed record')} not shown (--all)")


def _object(board: Board, column: BoardColumn) -> dict[str, object]:
    return {
        "stage": column.stage.id,
        "title": column.stage.title,
        "outcome": column.stage.outcome.value,
        "count": len(column.rows),
        "amount": column.amount,
        "cards": [board.presenter.json(row) for row in column.rows],
    }


def _lane(board: Board, column: BoardColumn) -> Lane:
    sums = tuple(f"{amount} {currency}" for currency, amount in column.amount.items())
    heading = (column.stage.title, plural(len(column.rows), "record"), *sums)
    cards = []
    for row in column.rows:
        number, *lines = board.presenter.cells(row)
        first = f"{number} {lines[0]}" if lines else number
        cards.append((first, *(line for line in lines[1:] if line)))
    return Lane(heading, tuple(cards), column.stage.outcome.value)
