"""Writes a year of plausible usage for the Acme sample: contacts.csv.gz and shifts.csv.

    python contracts/acme/generate.py [FOLDER]

The same files come out on every machine: one generator with a fixed seed, of which only `random()`
is used (Python promises its sequence), plain arithmetic, and no clock. The story that the months
tell, so that every clause of the contract speaks once:

- January to June, discovery: the answer rate wavers around 90% and never holds it for two months
  in a row, so it is the calendar (`after 6 months`) that ends the phase on 1 July.
- July: 95.2% answered and customers happier than before: the bonuses exceed their cap of 4%.
- August: holidays, too few agents: 83% answered, a malus of 1% for each started point.
- October and November: above 96%, the top of the scale.
- December: less than 80% answered and unhappy customers: the malus is stopped at 6%.

Times carry their offset from UTC, as telephone platforms export them, so the nights of the two
changes of hour (29 March, 25 October) have 7 and 9 hours from 22:00 to 06:00 without a doubt.
"""

import gzip
import io
import random
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

YEAR = 2026
SUMMER = (datetime(YEAR, 3, 29, 1, tzinfo=UTC), datetime(YEAR, 10, 25, 1, tzinfo=UTC))

# month: calls offered, share answered, mean satisfaction, agents in the day, agents at night
MONTHS = {
    1: (5_200, 0.868, 4.02, 8, 1),
    2: (5_600, 0.906, 4.05, 9, 1),
    3: (6_400, 0.889, 4.00, 10, 1),
    4: (6_900, 0.914, 4.08, 11, 1),
    5: (7_600, 0.893, 4.03, 12, 1),
    6: (8_800, 0.878, 3.96, 14, 2),
    7: (12_900, 0.952, 4.31, 22, 2),
    8: (9_400, 0.829, 3.97, 13, 2),
    9: (10_700, 0.912, 4.04, 17, 2),
    10: (11_500, 0.965, 4.33, 20, 2),
    11: (11_900, 0.967, 4.12, 20, 2),
    12: (13_800, 0.789, 3.83, 18, 2),
}
# Monday is the busiest day; Sunday rests.
WEEKDAYS = (1.30, 1.12, 1.05, 1.02, 1.08, 0.72, 0.31)
# The two humps of a day on the telephone, 10 to 12 and 14 to 17; a trickle at night.
HOURS = (6, 4, 3, 2, 3, 6, 14, 36, 92, 138, 152, 141, 96, 98, 140, 146, 137, 121, 92, 66, 44, 28, 16, 10)
LANGUAGES = (("fr", 0.71), ("en", 0.17), ("nl", 0.08), ("", 0.04))
HOLIDAYS = ("01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11", "12-25")


def local(day: date, second: int) -> datetime:
    """The instant of a wall-clock time in Paris, `second` seconds after midnight, with its offset."""
    naive = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=second)
    hours = 2 if SUMMER[0] <= naive - timedelta(hours=2) < SUMMER[1] else 1
    return naive - timedelta(hours=hours)


def written(instant: datetime) -> str:
    """An instant as wall-clock time and offset."""
    hours = 2 if SUMMER[0] <= instant < SUMMER[1] else 1
    return f"{(instant + timedelta(hours=hours)):%Y-%m-%dT%H:%M:%S}+0{hours}:00"


def pick(draw: float, weights: "tuple[float, ...] | list[float]") -> int:
    """The place where `draw`, from 0 to 1, falls in a list of weights."""
    mark = draw * sum(weights)
    for place, weight in enumerate(weights):
        mark -= weight
        if mark < 0:
            return place
    return len(weights) - 1


def days_of(month: int) -> list[date]:
    """The days of a month."""
    day, found = date(YEAR, month, 1), []
    while day.month == month and day.year == YEAR:
        found.append(day)
        day += timedelta(days=1)
    return found


def load_of(day: date) -> float:
    """How busy a day is; a public holiday is a Sunday."""
    return WEEKDAYS[6] if f"{day:%m-%d}" in HOLIDAYS else WEEKDAYS[day.weekday()]


def contacts(chance: random.Random) -> list[tuple[datetime, str]]:
    """The calls of the year, in order of time."""
    rows: list[tuple[datetime, str]] = []
    for month, (offered, share, satisfaction, _, _) in MONTHS.items():
        days = days_of(month)
        weights = [load_of(day) for day in days]
        for _ in range(round(offered * 1.025)):  # some hang up at once and are not offered
            day = days[pick(chance.random(), weights)]
            hour = pick(chance.random(), HOURS)
            instant = local(day, hour * 3600 + int(chance.random() * 3600))
            rows.append((instant, contact(chance, share, satisfaction)))
    return sorted(rows)


def contact(chance: random.Random, share: float, satisfaction: float) -> str:
    """One call: language, answered, wait, talk, resolved, csat."""
    draw, language = chance.random(), ""
    for name, weight in LANGUAGES:
        language, draw = name, draw - weight
        if draw < 0:
            break
    if chance.random() < 0.0244:
        return f"{language},false,{int(chance.random() * 5)},0,false,"
    if chance.random() >= share:
        return f"{language},false,{5 + int(chance.random() ** 2 * 240)},0,false,"
    wait = int(chance.random() ** 3 * 95)
    talk = 45 + int((chance.random() + chance.random() + chance.random()) * 190)
    resolved = chance.random() < 0.78 - talk / 9000
    csat = ""
    if chance.random() < 0.09:
        stars = satisfaction + (chance.random() + chance.random() - 1) * 2.4 + (0.08 if resolved else -0.27)
        csat = str(min(5, max(0, int(stars + 0.5))))
    return f"{language},true,{wait},{talk},{'true' if resolved else 'false'},{csat}"


def shifts(chance: random.Random) -> list[str]:
    """The shifts of the agents: mornings, afternoons and nights, to the quarter of an hour."""
    rows: list[tuple[datetime, datetime]] = []
    for month, (_, _, _, by_day, by_night) in MONTHS.items():
        for day in days_of(month):
            agents = max(2, int(by_day * load_of(day) + chance.random()))
            for number in range(agents):
                start = (7 if number % 2 else 13) * 4 + int(chance.random() * 8)
                length = 26 + int(chance.random() * 5)
                rows.append((local(day, start * 900), local(day, (start + length) * 900)))
            for _ in range(by_night):
                rows.append((local(day, 22 * 3600), local(day + timedelta(days=1), 6 * 3600)))
    return [f"{written(start)},{written(end)}" for start, end in sorted(rows)]


def main(folder: Path) -> None:
    """Write both files."""
    chance = random.Random(20260101)  # noqa: S311 - a sample, not a secret
    text = "started,language,answered,wait,talk,resolved,csat\n"
    text += "".join(f"{written(instant)},{row}\n" for instant, row in contacts(chance))
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, compresslevel=9, mtime=0) as file:
        file.write(text.encode())
    (folder / "contacts.csv.gz").write_bytes(packed.getvalue())
    (folder / "shifts.csv").write_text("started,ended\n" + "\n".join(shifts(chance)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
