"""What states no quantity gives no row."""

from collections.abc import Callable

import pytest

from newsbeam.schemas.figure import Figure

Read = Callable[[str], list[Figure]]

#: a sentence a line, none of which counts or measures anything
_NOISE = """
Police were called to 1412 Maple Avenue.
The office is at 27 Rue de Rivoli, 75001 Paris.
The visitors won 3-1 on Saturday.
Smith beat Jones 6-4, 7-5 in the final.
The Senate passed the bill 52-48.
A Boeing 737 landed safely.
An Airbus A380 took off from runway 27L.
The Boeing 787-9 was delayed.
She bought an iPhone 15 Pro.
He drives a Peugeot 208.
The talks begin at 10:30 a.m. on Tuesday.
They met at 7 p.m. local time.
The plane left at 0615 GMT.
He was charged under Section 230 of the act.
Article 5 of the treaty binds them.
He cited Title IX and Section 8.
Update to version 12.4.1 now.
Windows 11 and Python 3.12 are supported.
Call 555-0142 or +44 20 7946 0958.
Dial 911 in an emergency.
The case number is 24-CV-00318.
Flight MH370 vanished.
1. Open the door.
2) Close the window.
(a) The first rule is plain.
A 1998 study found the same.
The 2016 election divided them.
He is one of the best players.
Text your tip to 270405.
Copyright 2015 WXYZ.
It streams at 1080p or 4K video.
He called it a lie.[16]:106–107
The id is 399226021399226021.
Image 1 of / 12
Lap 44 Stevens is called in.
Call (901) 528-CASH.
Call Crime Stoppers at 471-TIPS.
Glass was 20-of-24 passing.
The 3-in-1 charger is new.
The studio made Fable 3.
Copyright 2016 WAFB. All rights reserved.
He crashed on lap 48.
Rovers 4, North United 2: They met in rain.
It was one of those days.
No one knows why.
The prime minister lives at No. 10.
Downing Street No. 10 declined to comment.
The G7 leaders met in Hiroshima.
The G20 summit opened.
The Group of 77 issued a statement.
Covid-19 cases are falling.
The attacks of 9/11 changed everything.
The 7/7 bombings shocked London.
Channel 4 reported the story.
Radio 4 aired the interview.
BBC One showed the match.
The court issued a 5-4 ruling.
The jury split 10-2.
The odds are 5/1.
The bookmakers offer 11/4 on the horse.
He read from John 3:16.
Psalm 23 was sung.
Take bus 12 to the station.
They drove along Route 66.
The M25 was closed.
Traffic on Interstate 95 was heavy.
Highway 101 reopened.
Platform 9 was crowded.
Gate B12 is closed.
Terminal 5 was evacuated.
Apollo 11 landed on the moon.
Formula 1 returns to Spa.
Formula One returns to Spa.
Pope John Paul II and Henry VIII are remembered.
World War II ended in 1945.
The Second World War ended.
The 21st century began badly.
In the 1990s the town grew.
Catch-22 is a novel.
Windsor, Ont. N9A 6Z7 is the postcode.
The password is 12345.
Order #4471 was shipped.
Room 101 is empty.
Chapter 7 deals with trade.
Figure 3 shows the trend.
Page 42 is missing.
See footnote 17.
Day 3 of the trial began.
Phase 2 starts in May.
Level 4 restrictions apply.
The AK-47 was found.
The Type 45 destroyer sailed.
The U-17 team won.
Under-21 players trained.
MI5 warned of a plot.
Area 51 is closed.
Studio 54 reopened.
Ocean's Eleven is on tonight.
The Big Four firms agreed.
The Five Eyes alliance met.
The Hundred Years' War ended.
He wore number 10 for Brazil.
On May 3, 2022, he left.
On 12/05/2023 she signed.
The file is 2023-11-04_report.pdf.
Visit 192.168.0.1 to log in.
The actor stunned at the "Dune: Part Two" premiere.
A chief told WESH 2 and Fox 8 of it.
It was nine o’clock at night.
The shooting was at 119 Broadway.
The raids made by Detroit One are many.
She beat world No 38 Anna Novak.
Watch 11 News for updates.
He lives at 8286 Adams St. (450 West).
It passed with 52-48 votes.
No suspect descriptions have been released.
UN Security Council Resolution 2334 was passed.
"""


def test_no_quantity_no_row(read: Read) -> None:
    assert [(figure.surface, figure.sentence) for figure in read(_NOISE.strip())] == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("The two-day summit ended.", [2]),
        ("One of the miners died.", [1]),
        ("-Four officers were hurt", [4]),
        ("40-30 people were hurt.", [None]),
        ("The storm left 40 to 50 people homeless.", [None]),
        ("Between 2-3 million people fled.", [None]),
        ("The group of 77 hikers returned.", [77]),
        ("They paid 27 euros.", [27]),
        ("The engine makes just under 290 hp (220 kW / 295 PS).", [290, 220, 295]),
    ],
)
def test_what_looks_alike_and_counts(read: Read, text: str, values: list[float | None]) -> None:
    assert [figure.value for figure in read(text)] == values


@pytest.mark.parametrize(
    ("text", "surface", "bound"),
    [
        ("He fell over a ten-foot ledge.", "ten-foot", "eq"),
        ("Sales rose over a five-year period.", "five-year", "eq"),
        ("It is larger than the 15-inch model.", "15-inch", "eq"),
        ("They paid over $5.", "over $5", "min"),
        ("Children aged 5 and over came.", "5 and over", "min"),
        ("About a dozen came.", "About a dozen", "approx"),
    ],
)
def test_words_of_place_are_no_bounds(read: Read, text: str, surface: str, bound: str) -> None:
    figure = read(text)[0]
    assert (figure.surface, figure.bound) == (surface, bound)


def test_a_range_upside_down_is_a_range(read: Read) -> None:
    (people,) = read("The blast killed 40-30 people.")
    assert (people.value, people.value_low, people.value_high, people.effect) == (None, 30, 40, "killed")
