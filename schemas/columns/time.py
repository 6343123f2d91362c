"""Columns that say when: UTC instants end in _at, days of the business zone in _date."""

from schemas.contract import Column

TIME = (
    Column("event_at", "timestamp", "Instant of the event, UTC."),
    Column("event_date", "date", "Day of the event in the business zone."),
    Column(
        "arrived_at", "timestamp", "Instant of arrival, UTC; the end of the arrival day where not recorded."
    ),
    Column(
        "arrival_date", "date", "Day of arrival in the business zone; the event's day for whole deliveries."
    ),
    Column("landing_date", "date", "Day in the file's path; the last day for histories delivered whole."),
    Column("activity_date", "date", "Business day that the row is about."),
    Column("cohort_date", "date", "Business day on which the cohort's users were active first or again."),
    Column("order_date", "date", "Business day on which the order was paid."),
    Column("refund_date", "date", "Business day on which the money was paid back."),
    Column("registered_date", "date", "Business day on which the user registered."),
    Column("created_at", "timestamp", "Instant at which the order was placed, UTC."),
    Column("paid_at", "timestamp", "Instant at which the order was paid, UTC; NULL while unpaid."),
    Column("updated_at", "timestamp", "Instant of the order's latest known state, UTC."),
    Column("refunded_at", "timestamp", "Instant at which the money was paid back, UTC."),
    Column("registered_at", "timestamp", "Instant at which the user registered, UTC."),
    Column("valid_from", "date", "First business day on which the row holds."),
    Column("valid_to", "date", "Last business day on which the row holds; NULL while it holds."),
    Column("prev_date", "date", "The user's previous active day in the scope; NULL on the first."),
    Column("first_date", "date", "The user's first active day in the scope since history_start."),
    Column("platform_first_date", "date", "The user's first active day anywhere since history_start."),
    Column("calendar_date", "date", "A day of the business calendar."),
    Column("iso_year", "int", "Year of the ISO week.", "years"),
    Column("iso_week", "int", "Number of the ISO week, 1 to 53.", "weeks"),
    Column("week_start_date", "date", "Monday of the ISO week."),
    Column("month", "string", "Calendar month as YYYY-MM."),
    Column("weekday", "int", "ISO weekday, 1 is Monday and 7 is Sunday.", "days"),
    Column("is_weekend", "boolean", "Saturday or Sunday in the business zone."),
    Column("special_day", "string", "Name of the special day declared in the settings, if any."),
    Column(
        "last_arrival_date", "date", "Last arrival day up to which the table's sources are without a gap."
    ),
    Column("closed_through", "date", "Last business day that will not move without a restatement."),
    Column("days_late", "int", "Arrival day minus event day, in business days.", "days"),
)
