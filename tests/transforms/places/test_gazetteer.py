import pytest

from newsbeam.transforms.places.gazetteer import FILE, candidates, folded


@pytest.mark.parametrize(
    ("name", "place", "country", "precision"),
    [
        ("Kyiv", "Kyiv", "UKR", "city"),
        ("Kiev", "Kyiv", "UKR", "city"),
        ("Bombay", "Mumbai", "IND", "city"),
        ("Khan Younis", "Khān Yūnis", "PSE", "city"),
        ("Jenin", "Janīn", "PSE", "city"),
        ("São Paulo", "São Paulo", "BRA", "city"),
        ("Sao Paulo", "São Paulo", "BRA", "city"),
        ("Texas", "Texas", "USA", "admin1"),
        ("West Bank", "West Bank", "PSE", "admin1"),
        ("Darfur", "Darfur", "SDN", "admin1"),
        ("U.S.", "United States", "USA", "country"),
        ("Georgia", "Georgia", "GEO", "country"),
        ("Washington", "Washington", "USA", "city"),
    ],
)
def test_the_weightiest_place_of_a_name_goes_first(name, place, country, precision):
    first = candidates(name)[0].place
    assert (first.name, first.country, first.precision) == (place, country, precision)


def test_an_unknown_name_has_no_candidates():
    assert candidates("Qwertyville") == ()


def test_keys_lose_case_accents_and_marks():
    assert folded("Dar‘ā") == folded("DARA") == "dara"
    assert folded("Al-Bab") == folded("al bab")


def test_the_file_is_small():
    assert FILE.stat().st_size < 3_000_000
