"""However odd the words, a mended parse is a tree: a circle of heads would fail the whole run."""

import random

import pytest

from newsbeam.transforms.models import load_model

_WORDS = (
    "officials met at the tense mosque in occupied East Jerusalem on Tuesday after Israel struck targets by shelling "
    "Gaza while Trump called Erdogan and urged him to leave demanded Kabul against marched Nairobi more than 5,000 "
    "people said killed between support a new tax Report called for sanctions"
).split()


@pytest.mark.parametrize("seed", range(3))
def test_a_mended_parse_of_scrambled_words_is_a_tree(seed: int) -> None:
    choose = random.Random(seed)
    texts = [" ".join(choose.choices(_WORDS, k=20)) + "." for _ in range(60)]
    for doc in load_model().pipe(texts):
        for token in doc:
            steps = 0
            while token.head.i != token.i:
                token, steps = token.head, steps + 1
                assert steps <= len(doc)


def test_a_preposition_below_its_participle_is_lifted() -> None:
    [doc] = load_model().pipe(["Officials met at the tense Al Aqsa Mosque hospital in demanded East Jerusalem."])
    jerusalem = next(token for token in doc if token.text == "Jerusalem")
    assert jerusalem.head.text == "in"
