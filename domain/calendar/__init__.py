"""Which days people work and when feasts are, in mainland China.

The State Council's calendar (days off, days worked in lieu) comes from chinesecalendar, which is released anew every
November; years it does not know yet are reckoned from `feasts.toml`. A new feast or a year's date is a row there.
"""

from domain.calendar.holidays import Feast, feast_after, feast_names, is_workday

__all__ = ["Feast", "feast_after", "feast_names", "is_workday"]
