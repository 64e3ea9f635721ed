"""A discrete-event simulator of a shop: the real decisions and the real calendars, with a table in memory."""
