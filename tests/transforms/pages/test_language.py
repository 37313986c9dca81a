import pytest

from newsbeam.transforms.pages.language import detect_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The council voted on Tuesday to close the old bridge over the river for eight months.", "en"),
        ("Der Stadtrat beschloss am Dienstag, die alte Br\u00fccke f\u00fcr acht Monate zu sperren.", "de"),
        ("Le conseil municipal a d\u00e9cid\u00e9 mardi de fermer le vieux pont pendant huit mois.", "fr"),
        ("El ayuntamiento decidi\u00f3 el martes cerrar el puente viejo durante ocho meses.", "es"),
        ("\u0413\u043e\u0440\u043e\u0434\u0441\u043a\u043e\u0439 \u0441\u043e\u0432\u0435\u0442 \u0440\u0435\u0448\u0438\u043b \u0432\u043e \u0432\u0442\u043e\u0440\u043d\u0438\u043a \u0437\u0430\u043a\u0440\u044b\u0442\u044c \u0441\u0442\u0430\u0440\u044b\u0439 \u043c\u043e\u0441\u0442.", "ru"),
    ],
)  # fmt: skip
def test_detects_languages(text: str, code: str) -> None:
    found, score = detect_language(text)
    assert found == code and score is not None and 0.5 < score <= 1


@pytest.mark.parametrize(
    "text", ["", "Short text.", "12345 67890 " * 20, "https://a.example/some/long/path/of/words " * 5]
)
def test_too_little_text_has_no_language(text: str) -> None:
    assert detect_language(text) == (None, None)
