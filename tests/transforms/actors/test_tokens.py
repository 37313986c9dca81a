from newsbeam.transforms.actors.tokens import BEGIN, INSIDE, tokens_of
from newsbeam.transforms.models import load_model


def test_the_lists_say_what_the_tokens_say():
    doc = load_model()("Jane Doe’s team won in São Paulo.\n\nIt rained, she said. “No”")
    tokens = tokens_of(doc)
    assert tokens.word == [token.text for token in doc]
    assert tokens.lower == [token.lower_ for token in doc]
    assert tokens.pos == [token.pos_ for token in doc]
    assert tokens.dep == [token.dep_ for token in doc]
    assert tokens.ent == [token.ent_type_ for token in doc]
    assert [i == INSIDE for i in tokens.iob] == [token.ent_iob_ == "I" for token in doc]
    assert [i == BEGIN for i in tokens.iob] == [token.ent_iob_ == "B" for token in doc]
    assert tokens.head == [token.head.i for token in doc]
    assert tokens.starts == [sentence.start for sentence in doc.sents]
    assert tokens.span(2, 5) == doc[2:5].text


def test_a_document_is_read_once():
    doc = load_model()("It rained.")
    assert tokens_of(doc) is tokens_of(doc)


def test_an_empty_document_has_no_tokens():
    tokens = tokens_of(load_model()(""))
    assert (tokens.word, tokens.starts) == ([], [])
