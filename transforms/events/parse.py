"""A parsed document as plain lists: a question about it costs list accesses, no walk through spaCy's objects."""

from collections.abc import Container, Iterator, Sequence

from spacy.tokens import Doc

from newsbeam.transforms.actors.tokens import tokens_of

SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "csubjpass"))
NOMINAL = frozenset(("NOUN", "PROPN", "PRON", "NUM", "ADJ"))
RELATIVES = frozenset(("WDT", "WP", "WP$"))
NAMED = frozenset(("PERSON", "ORG", "NORP", "GPE", "LOC", "FAC"))
NO = frozenset(("no", "neither"))
NOBODY = frozenset(("nobody", "none", "no-one", "nothing", "neither"))
#: Past forms that the lemmatizer does not lead back where the tagger takes them for present ones.
_IRREGULAR = {
    "forgave": "forgive", "overthrew": "overthrow", "withdrew": "withdraw", "forbade": "forbid", "shot": "shoot",
    "fought": "fight", "sank": "sink", "foresaw": "foresee", "withheld": "withhold", "overran": "overrun",
    "upheld": "uphold", "swore": "swear", "strove": "strive", "sought": "seek", "undertook": "undertake",
}  # fmt: skip
#: Verbs whose passive tells a charge before its agent: "convicted of murder by a court".
_OF_A_CHARGE = frozenset("accuse convict charge acquit suspect clear absolve".split())
_OUTCOMES = frozenset(("kill", "injure", "wound"))
UNNAMED = frozenset(("DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY"))

#: A preposition, its token, and its objects.
Phrase = tuple[str, int, list[int]]


def _lemma_of_past(lower: str, lemma: str, verbs: Container[str]) -> str:
    """The lemma of a past form that the tagger took for another: "jeered" for a form of the present."""
    if lower == lemma and lower.endswith("ed"):
        for stem in (lower[:-2], lower[:-1], lower[:-3] if lower[-3:-2] == lower[-4:-3] else ""):
            if stem in verbs:
                return stem
    return lemma


class Parse:
    """The tokens of a document with their children, and the questions that role finding asks of them."""

    def __init__(self, doc: Doc, verbs: Container[str] = ()) -> None:
        """Read every token once; `verbs`, known lemmas, put the lemmatizer right: "staged" is no form of stag."""
        self.doc = doc
        self.tokens = tokens = tokens_of(doc)
        #: Whether the text is about violence rather than accidents, once that was asked.
        self.is_violent: bool | None = None
        self._prepositions: dict[int, list[Phrase]] = {}
        self._phrases: dict[int, list[Phrase]] = {}
        self.lower, self.pos, self.tag, self.dep = tokens.lower, tokens.pos, tokens.tag, tokens.dep
        self.ent, self.head = tokens.ent, tokens.head
        lemmas = {lemma: lemma.lower() for lemma in set(tokens.lemma)}
        self.lemma: list[str] = [lemmas[k] or low for k, low in zip(tokens.lemma, tokens.lower, strict=True)]
        self.kids: list[list[int]] = [[] for _ in self.head]
        for i, head in enumerate(self.head):
            if head != i:
                self.kids[head].append(i)
            if self.pos[i] == "VERB":
                self.lemma[i] = self._lemma_of_verb(i, verbs)

    def _lemma_of_verb(self, i: int, verbs: Container[str]) -> str:
        lower, lemma = self.lower, self.lemma[i]
        if lemma not in verbs and lemma + "e" in verbs and lower[i][-2:] in ("ed", "ng"):
            lemma += "e"
        if lemma not in verbs:
            lemma = _IRREGULAR.get(lower[i]) or _lemma_of_past(lower[i], lemma, verbs)
        if i > 1 and lower[i - 1] == "-":  # "test-fired"
            whole = f"{lower[i - 2]}-{lemma}"
            lemma = whole if whole in verbs else lemma
        return lemma

    def all(self, i: int, *deps: str) -> list[int]:
        """Children of `i` in one of the relations, in order."""
        dep = self.dep
        return [k for k in self.kids[i] if dep[k] in deps]

    def one(self, i: int, *deps: str) -> int | None:
        """The first child of `i` in one of the relations."""
        dep = self.dep
        for k in self.kids[i]:
            if dep[k] in deps:
                return k
        return None

    def is_verb(self, i: int) -> bool:
        """Whether the token heads a clause: a verb, or an auxiliary that is no one's auxiliary."""
        return self.pos[i] == "VERB" or (self.pos[i] == "AUX" and self.dep[i] not in ("aux", "auxpass"))

    def series(self, i: int) -> list[int]:
        """`i` and the nominals coordinated with it."""
        heads = [i]
        for k in heads:
            heads.extend(c for c in self.kids[k] if self.dep[c] == "conj" and self.pos[c] in NOMINAL)
            if len(heads) > 12:
                break
        return heads

    def is_negated(self, i: int) -> bool:
        """Whether a predicate carries a negation of its own."""
        return any(
            self.dep[k] == "neg" or (self.lower[k] in ("never", "no", "not") and self.dep[k] in ("advmod", "det"))
            for k in self.kids[i]
        )

    def is_of_none(self, i: int) -> bool:
        """Whether a word beside it takes the predicate back: "no one was shot", "shot nobody", "no plan to shoot"."""
        sides = self.all(i, "nsubj", "nsubjpass", "dobj")
        if self.dep[i] == "acl":
            sides.append(self.head[i])
        while self.dep[i] == "conj" and self.is_verb(self.head[i]) and self.one(i, *SUBJECTS) is None:
            i = self.head[i]
            sides += self.all(i, "nsubj", "nsubjpass")
        return any(self.lower[k] in NOBODY or self.has_no(k) for k in sides)

    def has_no(self, i: int) -> bool:
        """Whether a noun has "no" before it."""
        return any(self.dep[k] == "det" and self.lower[k] in NO for k in self.kids[i])

    def is_passive(self, i: int) -> bool:
        """Whether the verb is passive: by its auxiliary, or as a participle after its noun."""
        if any(self.dep[k] in ("auxpass", "nsubjpass", "agent") for k in self.kids[i]):
            return True
        if self.tag[i] != "VBN":
            return False
        if self.dep[i] in ("acl", "amod", "relcl", "advcl"):
            return not any(self.dep[k] in ("aux", "nsubj") for k in self.kids[i])
        head = self.head[i]
        if self.dep[i] == "conj" and head != i and self.is_verb(head):
            return self.is_passive(head) and not any(self.dep[k] in ("aux", "nsubj", "dobj") for k in self.kids[i])
        return False

    def auxiliaries(self, i: int) -> list[str]:
        """Lower-case auxiliaries; a coordinated verb without subject shares those of the first."""
        own = [self.lower[k] for k in self.kids[i] if self.dep[k] == "aux"]
        head = self.head[i]
        if not own and self.dep[i] == "conj" and head != i and self.is_verb(head) and self.one(i, *SUBJECTS) is None:
            return self.auxiliaries(head)
        return own

    def prepositions(self, i: int) -> list[Phrase]:
        """The prepositional phrases below `i`; "by" of a passive agent included, dative too."""
        if i not in self._prepositions:  # every sense of a verb asks for them
            self._prepositions[i] = list(self._read_prepositions(i)) if self.kids[i] else []
        return self._prepositions[i]

    def _read_prepositions(self, i: int) -> Iterator[Phrase]:
        for k in self.kids[i]:
            if self.dep[k] in ("prep", "agent", "dative") and self.pos[k] in ("ADP", "SCONJ", "ADV", "VERB", "PART"):
                objects = [c for c in self.kids[k] if self.dep[c] in ("pobj", "pcomp")]
                nested = [c for c in self.kids[k] if self.dep[c] == "prep"]
                yield self.lower[k], k, objects
                if self.lower[k] == "according":
                    continue
                for c in nested:  # "out of the talks", "from behind the lines"
                    behind = [o for o in self.kids[c] if self.dep[o] in ("pobj", "pcomp")]
                    yield self.lower[c], c, behind
                    if self.lower[k] == "out" and self.lower[c] == "of":
                        yield "from", c, behind
            elif self.dep[k] == "advmod" and self.lower[k] == "back":  # "handed the island back to Chile"
                for c in self.all(k, "prep"):
                    yield self.lower[c], c, [o for o in self.kids[c] if self.dep[o] in ("pobj", "pcomp")]

    def phrases(self, i: int) -> list[Phrase]:
        """All prepositional phrases of the clause of `i`, however deep the parser hung them, in order of the text.

        Clauses with subjects of their own are left out; participles after nouns are not.
        """
        if i not in self._phrases:
            found = []
            hosts = [i]
            for host in hosts:
                if self.lower[host] == "according":
                    continue
                found.extend(self.prepositions(host))
                hosts.extend(
                    k
                    for k in self.kids[host]
                    if self.dep[k] not in ("ccomp", "relcl", "advcl", "parataxis", "nsubj", "nsubjpass", "csubj")
                    and not (self.dep[k] in ("conj", "xcomp") and self.is_verb(k))
                )
            self._phrases[i] = sorted(found, key=lambda phrase: phrase[1])
        return self._phrases[i]

    def antecedent(self, i: int) -> int:
        """The noun that a relative pronoun stands for; any other token itself."""
        if self.tag[i] not in RELATIVES and not (self.lower[i] == "that" and self.dep[i] in SUBJECTS):
            return i
        verb = self.head[i]
        for _ in range(4):
            if self.dep[verb] in ("relcl", "acl"):
                return self.head[verb]
            if self.dep[verb] in ("conj", "xcomp", "ccomp", "prep", "pobj"):
                verb = self.head[verb]
            else:
                break
        return i

    def subject(self, i: int, depth: int = 0) -> int | None:
        """The grammatical subject of a verb, shared, controlled or relative ones included."""
        for k in self.kids[i]:
            if self.dep[k] in SUBJECTS:
                if self.pos[k] == "VERB" and (inner := self.one(k, "nsubj")) is not None:
                    return inner  # "the Red Cross operating in Iraq said", hung the wrong way round
                return self.antecedent(k)
        head, dep = self.head[i], self.dep[i]
        if depth > 6 or head == i:
            return None
        if dep in ("acl", "relcl"):
            return self._subject_of_modifier(i, head, depth)
        if dep in ("conj", "xcomp", "advcl", "ccomp", "parataxis", "dep") and self.is_verb(head):
            steers = self.lemma[head] not in ("use", "need", "take", "have")
            if dep == "xcomp" and steers and (controller := self.one(head, "dobj", "dative")) is not None:
                return controller
            if dep == "ccomp" and self.one(i, "mark") is not None:
                return None
            if self.is_passive(head) and dep in ("conj", "advcl") and not self.is_passive(i):
                return self.agent(head) if self.agent(head) is not None else self.subject(head, depth + 1)
            return self.subject(head, depth + 1)
        if (
            dep in ("xcomp", "ccomp", "advcl")
            and self.pos[head] in ("ADJ", "ADV", "NOUN")
            and self.dep[head] in ("acomp", "attr", "oprd")
        ):
            return self.subject(self.head[head], depth + 1)
        if dep == "pcomp" and self.dep[head] in ("prep", "agent"):
            governor = self.head[head]
            if self.is_verb(governor):
                if self.is_passive(governor):
                    return self.agent(governor)
                return self.subject(governor, depth + 1)
            return self._subject_of_modifier(i, governor, depth)
        return None

    def _subject_of_modifier(self, i: int, noun: int, depth: int) -> int | None:
        """Subject of a clause below a noun: the noun itself, or who holds it where the clause tells its content."""
        if self.ent[noun] in ("GPE", "LOC", "FAC", "DATE", "TIME") and self.lower[i - 1] == "to":
            verb = self.clause_of(noun)  # "left for Rome to meet the pope": hung on the place
            if verb != i and self.is_verb(verb) and self.dep[noun] == "pobj":
                return self.subject(verb, depth + 1)
        if (
            self.tag[i] in ("VBG", "VBN", "VBZ", "VBD", "VBP")
            and self.pos[noun] in NOMINAL
            and self.one(i, "aux") is None
        ):
            return noun
        holder = self.one(noun, "poss")
        if holder is not None:
            return holder
        verb = self.head[noun]
        if self.dep[noun] in ("dobj", "attr", "oprd", "pobj") and verb != noun and self.is_verb(verb):
            return self.subject(verb, depth + 1)
        return noun if self.dep[i] == "relcl" else None

    def agent(self, i: int) -> int | None:
        """Who does it in a passive: the object of "by", also where it hangs on what somebody is found guilty of."""
        for k in self.kids[i]:
            if self.dep[k] == "agent" or (self.dep[k] == "prep" and self.lower[k] == "by"):
                for c in self.kids[k]:
                    if self.dep[c] == "pobj":
                        return c
        if self.tag[i] == "VBN" and self.lemma[i] in _OF_A_CHARGE:
            for k in self.all(i, "prep"):
                for c in self.all(k, "pobj") if self.lower[k] in ("of", "with") else ():
                    for by in self.all(c, "prep"):
                        if self.lower[by] == "by":
                            return self.one(by, "pobj")
        return None

    def object(self, i: int) -> int | None:
        """The grammatical object of an active verb; a relative one's antecedent."""
        k = self.one(i, "dobj", "oprd")
        if k is not None:
            return self.antecedent(k)
        small = self.small_clause(i)
        if small is not None:
            return small[0]
        if i + 1 < len(self.dep) and self.dep[i + 1] == "cc" and self.head[i + 1] == i:  # "armed and trained rebels"
            other = next((c for c in self.all(i, "conj") if c == i + 2 and self.tag[c] == self.tag[i]), None)
            shared = None if other is None else self.one(other, "dobj")
            if shared is not None and other is not None and self.lemma[other] not in _OUTCOMES:
                return shared  # but "shot and killed" is one deed, told by what came of it
        if self.dep[i] == "relcl" and self.one(i, *SUBJECTS) is not None and self.pos[self.head[i]] in NOMINAL:
            if not any(self.dep[k] in SUBJECTS and self.tag[k] in RELATIVES for k in self.kids[i]):
                return self.head[i]
        return None

    def small_clause(self, i: int) -> tuple[int, int] | None:
        """(subject, predicate) of a complement without a verb: "found him guilty", "called her a liar"."""
        for k in self.kids[i]:
            if k < i or self.dep[k] not in ("ccomp", "xcomp"):
                continue
            is_verbless = self.pos[k] in ("ADJ", "NOUN", "ADV")
            # "accept refugees fleeing war", "help Chad build roads"
            is_bare = self.dep[k] == "ccomp" and (self.tag[k] == "VBG" or self.lemma[i] == "help")
            if not (is_verbless or is_bare):
                continue
            subject = self.one(k, "nsubj")
            if subject is not None:
                if self.one(k, "aux", "mark") is None and (is_bare or self.one(k, "cop") is None):
                    return subject, k
            elif self.pos[k] == "NOUN" and self.one(k, "aux", "mark") is None:  # "called Peru's move an insult"
                said = self.one(k, "dobj")
                if said is not None:
                    return k, said
        return None

    def clause_of(self, i: int) -> int:
        """The nearest verb above a token, itself included; the sentence's root where there is none."""
        for _ in range(40):
            if self.is_verb(i) or self.head[i] == i:
                return i
            i = self.head[i]
        return i

    def left_edge(self, i: int) -> int:
        """The leftmost token below `i`."""
        return self.doc[i].left_edge.i

    def is_named(self, i: int) -> bool:
        """Whether the token belongs to a name of a person, body, people or place."""
        return self.ent[i] in NAMED

    def ancestors(self, i: int) -> Iterator[int]:
        """The heads above a token, nearest first."""
        for _ in range(60):
            if self.head[i] == i:
                return
            i = self.head[i]
            yield i

    def below(self, i: int) -> Sequence[int]:
        """All tokens below `i`, in no particular order, itself included."""
        found = [i]
        for k in found:
            found.extend(self.kids[k])
        return found
