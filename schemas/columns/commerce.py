"""Columns about orders, lines and refunds; money is decimal(18,2) in the shop's one currency."""

from schemas.contract import Column

COMMERCE = (
    Column("order_id", "string", "The shop's own identifier of an order."),
    Column("line_id", "string", "Identifies one line of an order or refund."),
    Column("refund_id", "string", "The shop's own identifier of a refund."),
    Column("status", "string", "State of the order in the source's own word."),
    Column("quantity", "decimal(18,3)", "Number of items on the line.", "items"),
    Column("unit_price", "decimal(18,4)", "Price of one item.", "currency"),
    Column(
        "nested_lines",
        "string",
        "The lines nested in the state, as a JSON array of what the lines' table says of each.",
        personal=True,
    ),
    Column("amount", "decimal(18,2)", "Money of the order, line or refund, positive.", "currency"),
)
