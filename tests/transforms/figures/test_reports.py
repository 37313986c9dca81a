"""The tolls of short reports: a sum of the totals of an effect is the toll, whatever is told again or in parts."""

from collections.abc import Callable

import pytest

from newsbeam.schemas.figure import Figure

Read = Callable[[str], list[Figure]]

#: killed, injured, report; one dead or hurt who is told without a number has no row and counts as none
_REPORTS = (
    (
        3,
        5,
        "A gun battle outside a pool hall in Harwick left 3 dead and 5 others hurt late Saturday, police said. "
        "Officers found shell casings across two parking lots. The wounded were driven to county hospitals by "
        "friends. No arrests have been made.",
    ),
    (
        2,
        0,
        "A man, 23, and a woman, 19, were pronounced dead at the scene of a shooting in the 400 block of Grove "
        "Street. Their names were withheld until relatives could be told. A neighbor said she heard six shots. "
        "Police have no suspect.",
    ),
    (
        6,
        2,
        "Guerrillas entered the hamlet of San Roque before dawn, killing six peasants and burning eleven houses. "
        "Two militiamen were wounded in the exchange of fire. The army sent 200 soldiers to the area. No group "
        "has claimed the raid.",
    ),
    (
        9,
        0,
        "A mine blast on the northern road killed nine people on Thursday. Among the dead are four soldiers who "
        "were guarding the bus. The driver survived. Rebels have mined the road before.",
    ),
    (
        2,
        3,
        "A couple was killed and their three children were wounded when a gunman burst into their home in Bell "
        "County. A 12-year-old daughter called 911. The gunman, 41, surrendered after two hours. Prosecutors will "
        "charge him with two counts of murder.",
    ),
    (
        7,
        0,
        "Seven people, including the gunman, are dead after a rampage at a warehouse in Delmont. Six of the "
        "victims were employees. The gunman had been dismissed two weeks before. The company has 340 workers.",
    ),
    (
        4,
        0,
        "Three men and one woman were shot dead in an apartment on Ninth Street early Friday, police said. A "
        "fifth person ran to a neighbor's house unhurt. Detectives are looking for two suspects.",
    ),
    (
        1,
        4,
        "One person was killed and four others were injured when a gunman opened fire at a house party. The party "
        "had drawn about 100 people. The injured, all men in their twenties, are in stable condition. Police are "
        "seeking two men in a white van.",
    ),
    (
        0,
        4,
        "Gunfire struck four people as they left a concert, sending them to the hospital. One was listed in "
        "serious condition, and the other three had minor wounds. Officers recovered 30 shell casings. There was "
        "no immediate word of a motive.",
    ),
    (
        5,
        0,
        "A man shot and killed his wife, their three children and himself, the sheriff said. A grandmother was "
        "wounded. The couple had been married 14 years. A note was found.",
    ),
    (
        2,
        3,
        "Two people were pronounced dead at the scene and three were rushed to hospital, where they are in "
        "critical but stable condition. The driver who hit them is 19. The street is known for races.",
    ),
    (
        0,
        5,
        "The victims, four men and a woman, were wounded when someone fired into a crowd at a street fair. They "
        "range in age from 18 to 44. Police want to speak to two people seen on a scooter. Nobody has been "
        "charged.",
    ),
    (
        2,
        0,
        "A 34-year-old woman and her boyfriend were found dead in a parked car, and a toddler in the back seat "
        "had been wounded. Police called it an isolated incident. Relatives had last heard from the pair on "
        "Monday.",
    ),
    (
        8,
        0,
        "Eight people drowned when a canoe overturned on the lake. Four passengers were rescued. The canoe had no "
        "life jackets.",
    ),
    (
        3,
        4,
        "A landslide buried a house, killing a couple and their son. Four neighbors were injured. Rain is "
        "forecast for two more days.",
    ),
    (
        16,
        3,
        "An ambush by guerrillas cost the lives of 16 soldiers; three others were wounded, the Defense Ministry "
        "announced. The guerrillas used 2 mines. The convoy had left base at 5 a.m.",
    ),
    (
        3,
        0,
        "Three unidentified bodies, with their hands tied, were discovered yesterday on the road to the airport. "
        "Police gave no motive. Eleven bodies have appeared in the same place since January.",
    ),
    (
        6,
        0,
        "A family of six, including three children, died when fumes filled their cabin. A neighbor found them. "
        "The stove was 30 years old.",
    ),
    (
        5,
        0,
        "The mayor, two councilmen and two policemen were killed by gunmen who burst into the town hall. The "
        "gunmen numbered about 30. They fled in two jeeps.",
    ),
    (
        4,
        2,
        "Gunmen on motorcycles assassinated a judge and three bodyguards; two pedestrians were hit by stray "
        "bullets and injured. The judge had received 10 threats. His car was hit by 50 bullets.",
    ),
)


@pytest.mark.parametrize(("killed", "injured", "report"), _REPORTS)
def test_totals_add_up_to_the_toll(read: Read, killed: int, injured: int, report: str) -> None:
    sums = {"killed": 0.0, "injured": 0.0}
    for figure in read(report):
        if figure.effect in sums and figure.relation == "total" and figure.scope == "event":
            sums[figure.effect] += figure.value or 0
    assert sums == {"killed": killed, "injured": injured}
