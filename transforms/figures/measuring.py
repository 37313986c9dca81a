"""Find what a measure, a share or an amount of money is said of."""

from spacy.tokens import Doc, Token

from newsbeam.transforms.figures.counting import NOMINAL, has_number, numeral_token, run_after
from newsbeam.transforms.figures.lexicon import rows_of

WHOSE = [(field, frozenset(words.split())) for field, words in rows_of("amounts.tsv")]
#: nouns of quantities that are somebody's or something's
AMOUNTS = frozenset(word for field, words in WHOSE if field != "having" for word in words)
_BEFORE_NOUN = ("nummod", "compound", "nmod", "amod", "npadvmod", "quantmod")
_MAX_REACH = 8
#: what is not told in the plural that money may be "in"
_SUMS = frozenset(
    "cash aid revenue funding income debt compensation relief support spending profit tax assistance money restitution "
    "property stock equity capital investment".split()
)
_EXTENTS = frozenset({"deep", "wide", "high", "tall", "long", "thick", "across"})
_LIGHT = {"place", "part", "effect", "hold"}  # "will take place over five weeks"


def measured_by(doc: Doc, first: int, last: int) -> Token | None:
    """What a measure, share or amount of money is of: by "of", by the noun it stands before, or by its clause."""
    if last + 1 < len(doc) and doc[last + 1].lower_ == "of":
        if any(child.dep_ == "pcomp" and child.pos_ in ("VERB", "AUX") for child in doc[last + 1].children):
            return None  # "half of what it costs", "months of looking"
    found = _in_brackets(doc, first, last) or _named_before(doc, first) or _set_off(doc, first, last)
    if found is None:
        found = _measured(doc, first, last)
        is_signed = first > 0 and (doc[first].text[0] in "+-−" or doc[first - 1].text in ("+", "-", "−"))
        if is_signed or found is not None and first <= found.i <= last:  # the parser takes the number for the subject
            label = _labelled(doc, first)
            if label is None or label.pos_ != "PROPN" or label.i == label.sent.start:
                return None if found is not None and first <= found.i <= last else found
            found = label
    if found is not None and found.ent_type_ == "GPE" and found.i == last + 1:
        found = said_of(found)  # "was up $5 US"
    if found is None:
        found = _labelled(doc, first) or _clause_before(doc, first)
    if found is not None and found.pos_ == "PRON":
        found = _instead(doc, found, last)
    if found is not None and first <= found.i <= last:
        return None
    return found


def _in_brackets(doc: Doc, first: int, last: int) -> Token | None:
    """The noun that follows a number to the end of its brackets: "a tip (1.5mm internal diameter)"."""
    if not first or doc[first - 1].text != "(":
        return None
    run = run_after(doc, last + 1)
    closed = run is not None and run.i + 1 < len(doc) and doc[run.i + 1].text in (")", ",", ";")
    return run if closed else None


def _named_before(doc: Doc, first: int) -> Token | None:
    """The noun of a quantity straight before its number: "profits 2.2 billion euros"."""
    before = doc[first - 1] if first else None
    return before if before is not None and before.pos_ == "NOUN" and before.lemma_.lower() in AMOUNTS else None


def _set_off(doc: Doc, first: int, last: int) -> Token | None:
    """The noun before the comma that sets off how large it is: "shallow water, just 47 feet (14 metres) deep"."""
    after = last + 1
    if after < len(doc) and doc[after].text == "(":
        after = next((i + 1 for i in range(after, min(after + 6, len(doc))) if doc[i].text == ")"), len(doc))
    if after >= len(doc) or doc[after].lower_ not in _EXTENTS:
        return None
    i = first - 1
    while i > 0 and (doc[i].pos_ == "ADV" or doc[i].lower_ in ("about", "around", "some")):
        i -= 1
    return doc[i - 1] if i > 1 and doc[i].text == "," and doc[i - 1].pos_ in NOMINAL else None


def _labelled(doc: Doc, first: int) -> Token | None:
    """The name straight before a number, where the parse hangs it nowhere: "Nasdaq +0.8%", "Xphone Pro 16 inch"."""
    i = first - 1
    while i >= 0 and doc[i].text in ("+", "-", "−", "(", ":"):
        i -= 1
    while i >= 0 and doc[i].like_num and i and doc[i - 1].pos_ == "PROPN":
        i -= 1  # "S&P 500 +0.3%"
    return doc[i] if i >= 0 and doc[i].pos_ in NOMINAL and not doc[i].is_sent_start or i == 0 else None


def _clause_before(doc: Doc, first: int) -> Token | None:
    """The subject of the verb before a number that the parser hangs nowhere: "the speed is about 3×10^8 m"."""
    for i in range(first - 1, max(-1, first - _MAX_REACH), -1):
        if doc[i].pos_ in ("VERB", "AUX"):
            subject = _subject(doc[i])
            return subject if subject is not None and subject.i < i else None
        if doc[i].is_sent_start:
            return None
    return None


def _measured(doc: Doc, first: int, last: int) -> Token | None:
    following = doc[last + 1] if last + 1 < len(doc) else None
    if following is not None and following.text == "(":  # "8 miles (13 km) of tunnels"
        end = next((i for i in range(last + 2, min(last + 7, len(doc) - 1)) if doc[i].text == ")"), last)
        following = doc[end + 1] if doc[end + 1].lower_ == "of" else following
    if following is not None and following.lower_ == "of":
        for child in following.children:
            if child.dep_ == "pobj" or child.dep_ == "pcomp" and child.pos_ in NOMINAL:
                return child
        return run_after(doc, following.i + 1)
    if following is not None and following.lower_ == "in" and (paid := _paid_in(doc, first, last)) is not None:
        return paid
    root = numeral_token(doc, first, last)
    head = root.head
    is_time = head.ent_type_ in ("DATE", "TIME") and doc[last].ent_type_ not in ("DATE", "TIME")
    if head.i > last and head.pos_ in NOMINAL and root.dep_ in _BEFORE_NOUN and not is_time:
        return head
    if root.dep_ == "pobj" and head.lower_ in ("of", "at") and head.i and doc[head.i - 1].pos_ in NOMINAL:
        return doc[head.i - 1]  # the parser hangs "levels at 1200 ppm" on the verb
    if root.dep_ == "dobj" and following is not None and following.lower_ in ("for", "on") and following.head == head:
        for child in following.children:
            if child.dep_ == "pobj" and child.pos_ in NOMINAL and child.ent_type_ not in ("DATE", "TIME"):
                return child  # "paid $5m for the mine"
    found = said_of(root)
    if found is None:
        found = run_after(doc, last + 1)
        if found is not None and found.lemma_ in ("year", "month", "week", "quarter"):
            return _subject(root)  # "was 3.1 million, down 9.2 percent year over year"
    return found


def _paid_in(doc: Doc, first: int, last: int) -> Token | None:
    """What an amount of money is made of: "$25,000 in fines", "millions of dollars in foreign aid"."""
    if not any(doc[i].tag_ == "$" or doc[i].ent_type_ == "MONEY" for i in range(first, last + 1)):
        return None
    for child in doc[last + 1].children:
        if child.dep_ == "pobj" and child.pos_ == "NOUN" and child.ent_type_ not in ("DATE", "TIME"):
            is_bare = not any(word.dep_ in ("det", "poss", "nummod") for word in child.children)
            return child if is_bare and (child.tag_ == "NNS" or child.lemma_.lower() in _SUMS) else None
    return None


def _instead(doc: Doc, pronoun: Token, last: int) -> Token | None:
    """What else the clause offers where the subject is a pronoun: "he shot 47.6% from the field"."""
    for child in pronoun.children:
        if child.dep_ == "prep" and child.lower_ == "of":  # "each of the buildings"
            return next((noun for noun in child.children if noun.dep_ == "pobj"), None)
    if last + 1 < len(doc) and doc[last + 1].pos_ == "ADP":
        for child in doc[last + 1].children:
            if child.dep_ == "pobj" and child.pos_ in NOMINAL and not has_number(child) and child.ent_type_ != "DATE":
                return child
    for child in pronoun.head.children:
        if child.dep_ in ("dobj", "attr") and child.pos_ in NOMINAL and not has_number(child):
            return child
    return None


def said_of(token: Token) -> Token | None:
    """The noun that a number is said of: through prepositions to a noun, or through the verb to its arguments."""
    for _ in range(_MAX_REACH):
        head = token.head
        if head == token:
            return _subject(token)
        if head.pos_ in ("VERB", "AUX"):
            return _argument(head, token)
        if head.pos_ in NOMINAL and token.dep_ in ("prep", "appos", "acl", "pobj", "nummod", "amod"):
            return head
        token = head
    return None


def _argument(verb: Token, child: Token) -> Token | None:
    """The object where the number hangs beside one ("cut the rate to 5%"), else the subject."""
    if child.dep_ in ("prep", "npadvmod", "advmod", "acomp", "oprd"):
        for other in verb.children:
            if other.dep_ == "dobj" and other.i < child.i and other.pos_ in NOMINAL:
                if verb.lemma_ == "take" and other.lemma_ in _LIGHT:
                    continue
                if not has_number(other) or child.lower_ in ("for", "at", "with"):
                    return other
    return _subject(verb)


def _subject(verb: Token) -> Token | None:
    for _ in range(_MAX_REACH):
        for child in verb.children:
            if child.dep_ in ("nsubj", "nsubjpass", "csubj"):
                if child.pos_ == "PRON" and verb.dep_ == "relcl":
                    before = verb.doc[child.i - 1] if child.i else child
                    return before if verb.head.pos_ == "PRON" and before.pos_ in NOMINAL else verb.head
                return child
        if verb.dep_ in ("acl", "relcl") and verb.head.pos_ in NOMINAL:
            return verb.head
        if verb.head == verb or verb.dep_ not in ("conj", "xcomp", "advcl", "ccomp", "pcomp", "prep", "dep"):
            return None
        verb = verb.head
    return None
