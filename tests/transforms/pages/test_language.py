import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbeam.transforms.pages.language import count_letters, detect_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The council voted on Tuesday to close the old bridge over the river for eight months.", "en"),
        ("Der Stadtrat beschloss am Dienstag, die alte Br\u00fccke f\u00fcr acht Monate zu sperren.", "de"),
        ("Le conseil municipal a d\u00e9cid\u00e9 mardi de fermer le vieux pont pendant huit mois.", "fr"),
        ("El ayuntamiento decidi\u00f3 el martes cerrar el puente viejo durante ocho meses.", "es"),
        ("Городской совет решил во вторник закрыть старый мост.", "ru"),
    ],
)
def test_detects_languages(text: str, code: str) -> None:
    found, score = detect_language(text)
    assert found == code and score is not None and 0.5 < score <= 1


@pytest.mark.parametrize(
    "text", ["", "Short text.", "12345 67890 " * 20, "https://a.example/some/long/path/of/words " * 5]
)
def test_too_little_text_has_no_language(text: str) -> None:
    assert detect_language(text) == (None, None)


@given(st.text(max_size=200))
def test_letters_are_counted_alike_whatever_the_alphabet(text: str) -> None:
    assert count_letters(text) == len(re.findall(r"[^\W\d_]", text))
    assert count_letters(text.encode("ascii", "ignore").decode()) == len(re.findall("[A-Za-z]", text))
