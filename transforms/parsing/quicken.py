"""Put quicker components of the same results into a spaCy pipeline."""

from collections.abc import Callable
from typing import Any

from spacy.language import Language
from thinc.api import Model

from newsbeam.transforms.parsing.encoder import Encoder, NotThisModel
from newsbeam.transforms.parsing.entities import EntityFinder
from newsbeam.transforms.parsing.forms import Lemmas, WordClasses
from newsbeam.transforms.parsing.states import StateFeatures
from newsbeam.transforms.parsing.transitions import SideBySide

#: What sets parts of speech, lemmas or entities besides these is not reckoned with: such a pipeline stays as it is.
_KNOWN = frozenset(
    ("tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer", "ner")
    + ("blank_line_boundaries", "longest_sentence", "repair_parse")
)
_QUICKER: dict[str, Callable[[Any], Any]] = {
    "parser": SideBySide,
    "attribute_ruler": WordClasses,
    "lemmatizer": Lemmas,
    "ner": EntityFinder,
}


@Language.factory("quick")
def _make_quick(nlp: Language, name: str, of: str) -> Any:
    return _QUICKER[of](nlp.get_pipe(of))


def quicken(nlp: Language) -> Language:
    """The pipeline with what is slow in it replaced, in place, as far as its networks and rules are of the known kinds.

    Vectors and what the parser makes of them differ from spaCy's in the last bits, since the sums are taken in another
    order; tags, parses, lemmas and entities are the same unless two moves score alike to the sixth digit.
    """
    if not set(nlp.component_names) <= _KNOWN:
        return nlp
    if "tok2vec" in nlp.pipe_names:
        component: Any = nlp.get_pipe("tok2vec")
        try:
            encoder = Encoder(component.model)
            component.model = Model("encoder", _forward, dims={"nO": encoder.width}, attrs={"quick": encoder})
        except NotThisModel:
            pass
    if "parser" in nlp.pipe_names:
        parser: Any = nlp.get_pipe("parser")
        lower = parser.model.get_ref("lower")
        try:
            attrs = {"quick": StateFeatures(lower)}
            dims = {name: lower.get_dim(name) for name in ("nO", "nI", "nF", "nP")}
            params = {name: lower.get_param(name) for name in ("W", "b", "pad")}
            parser.model.replace_node(lower, Model("state_features", _forward, dims=dims, params=params, attrs=attrs))
        except NotThisModel:
            pass
    for name in _QUICKER:
        if name not in nlp.pipe_names:
            continue
        try:
            nlp.add_pipe("quick", f"quick_{name}", after=name, config={"of": name})
        except NotThisModel:
            continue
        nlp.remove_pipe(name)
    return nlp


def _forward(model: Model[Any, Any], read: Any, is_train: bool) -> tuple[Any, Callable[[Any], Any]]:
    assert not is_train, "newsbeam trains no model"
    return model.attrs["quick"](read), _no_gradient


def _no_gradient(_: Any) -> Any:
    return []
