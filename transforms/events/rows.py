"""Turn what was read into rows of events and participants."""

from collections.abc import Sequence

from spacy.tokens import Span

from newsbeam.schemas.article import Article
from newsbeam.schemas.event import Event, Participant
from newsbeam.transforms.actors.article import Actor
from newsbeam.transforms.events.aspects import contexts_of, mode_of
from newsbeam.transforms.events.confidence import confidence
from newsbeam.transforms.events.days import day_of_event, is_background
from newsbeam.transforms.events.keys import side_of
from newsbeam.transforms.events.parse import Parse
from newsbeam.transforms.events.reader import Reader
from newsbeam.transforms.events.reading import Reading
from newsbeam.transforms.events.relevance import NEED_BOTH
from newsbeam.transforms.events.retelling import HISTORY, REACH, Told, filed_on, retold
from newsbeam.transforms.events.standing import field_of, is_in_words, is_of_own_force, is_public, is_with_self
from newsbeam.transforms.events.surroundings import Surroundings
from newsbeam.transforms.ids import KEY_HEX, digest, fact_id
from newsbeam.transforms.instants import date_of
from newsbeam.transforms.places.gazetteer import Place
from newsbeam.transforms.times.mentions import TimeMention
from newsbeam.transforms.times.resolver import When
from newsbeam.transforms.versions import EVENTS_VERSION

#: Buildings, which have the country of the ground they stand on.
_SITES = frozenset(
    "hospital clinic school university market mosque church temple synagogue house home apartment shop store hotel "
    "restaurant prison station factory plant refinery dam depot warehouse pipeline embassy consulate museum "
    "library".split()
)
_CLAUSES = frozenset(("ccomp", "relcl", "parataxis", "advcl"))


def _believed(who: Actor, place: Place | None) -> Actor:
    """A country that was only guessed from what else is spoken of gives way where the event lies in another."""
    if who.method == "context" and place is not None and place.country not in (None, who.country):
        return who._replace(country=None, method=None)
    return who


def both_ways(reading: Reading) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Actors and recipients of each row of a reading.

    What two sides do with each other gives a row for either direction, as dyadic event data have it; but a clash is one
    row with both sides in both roles, so that its victims are counted once.
    """
    sides = (reading.actors, reading.recipients)
    if not (reading.is_reciprocal and reading.recipients and reading.actors):
        return [sides]
    if reading.type in ("ASSAULT", "PROTEST"):
        return [((*reading.actors, *reading.recipients), (*reading.recipients, *reading.actors))]
    return [sides, sides[::-1]]


class Rows:
    """Turns the readings of one article into rows."""

    def __init__(self, article: Article, parse: Parse, reader: Reader, surroundings: Surroundings) -> None:
        """Take an article, its parse and what is known around it."""
        self.article = article
        self.parse = parse
        self.field = field_of(parse, reader.lexicon)
        self.tokens = parse.tokens
        self.reader = reader
        self.surroundings = surroundings
        published = date_of(article.published_at) if article.published_at is not None else None
        self.published = filed_on(article.text, published) if published is not None else None
        self.sentences: list[Span] = list(parse.doc.sents)
        self.sentence_of = [number for number, sentence in enumerate(self.sentences) for _ in range(len(sentence))]
        self._times: dict[int, list[TimeMention]] = {}
        self._actors: dict[tuple[int, int], Actor] = {}

    def of(self, readings: Sequence[Reading]) -> tuple[list[Event], list[Participant]]:
        """The rows of all readings."""
        events: list[Event] = []
        participants: list[Participant] = []
        seen: set[str] = set()
        for reading, when in zip(readings, self._whens(readings), strict=True):
            for actors, recipients in both_ways(reading):
                row = self._row(reading, when, actors, recipients)
                if row is not None and row[0].event_id not in seen:
                    seen.add(row[0].event_id)
                    events.append(row[0])
                    participants.extend(row[1])
        return events, participants

    def _row(
        self, reading: Reading, when: When, actors: Sequence[int], recipients: Sequence[int]
    ) -> tuple[Event, list[Participant]] | None:
        article, tokens = self.article, self.tokens
        number = self.sentence_of[reading.head]
        sentence = self.sentences[number]
        people = [("actor", self._named(actors)), ("recipient", self._named(recipients, reading.type))]
        contexts = contexts_of(self.parse, sentence)
        doers, others = ([who for _, who in found] for _, found in people)
        if not is_public(self.field, reading, doers, others, contexts):
            return None
        if is_with_self(reading, doers, others):
            if reading.type in NEED_BOTH:
                return None
            people[1] = ("recipient", self._unread(people[1][1]))
        if is_of_own_force(reading, doers, others):
            reading = reading._replace(type="MOBILIZE" if reading.type == "THREATEN" else reading.type)
            people[1] = ("recipient", [])
        if self._is_attack(reading) and is_in_words(reading, doers, others):
            reading = reading._replace(type="ACCUSE", mode="disapprove")
        start, end = self._trigger(reading)
        first, last = tokens.begin[start], tokens.end[end - 1]
        place = self.surroundings.place_of(self._clause(reading))
        mode = reading.mode or mode_of(self.parse, reading)
        quad, root, intensity = self.reader.lexicon.measure(reading.type, mode)
        people = [(role, [(span, _believed(who, place.place)) for span, who in found]) for role, found in people]
        people[1] = (
            "recipient",
            [(span, self._placed(reading.type, span, who, place.place)) for span, who in people[1][1]],
        )
        names = {role: [actor.name for _, actor in found] for role, found in people}
        event_id = fact_id(
            article.article_id, "event", article.revision, number, first, last, reading.type,
            *names["actor"], "to", *names["recipient"],
        )  # fmt: skip
        where = place.place
        event_date = when.start.isoformat() if when.start is not None else None
        sides = {role: sorted({side_of(name) for name in found}) for role, found in names.items()}
        key = digest(
            "event_key", event_date, reading.type, *sides["actor"], "to", *sides["recipient"],
            where.geonameid if where is not None else None, hex_digits=KEY_HEX,
        )  # fmt: skip
        actor = people[0][1][0][1] if people[0][1] else None
        recipient = people[1][1][0][1] if people[1][1] else None
        sureness = confidence(self.reader.roles, reading)
        is_past = when is HISTORY or is_background(when, self.published)
        realis = "historical" if is_past and reading.realis == "actual" else reading.realis
        event = Event(
            event_id=event_id,
            event_key=key,
            article_id=article.article_id,
            revision=article.revision,
            date=article.date,
            published_at=article.published_at,
            event_date=event_date,
            event_date_end=when.end.isoformat() if when.end is not None else None,
            date_granularity=when.granularity,
            date_type=when.type,
            date_text=when.text,
            type=reading.type,
            mode=mode,
            cameo_root=root,
            quad=quad,
            intensity=intensity,
            contexts=contexts,
            polarity="negated" if reading.is_negated else "asserted",
            realis=realis,
            attribution=self._attribution(reading),
            actor_name=actor.name if actor else None,
            actor_country=actor.country if actor else None,
            actor_sector=actor.sector if actor else None,
            recipient_name=recipient.name if recipient else None,
            recipient_country=recipient.country if recipient else None,
            recipient_sector=recipient.sector if recipient else None,
            place_name=where.name if where else None,
            place_id=where.geonameid if where else None,
            place_country=where.country if where else None,
            place_admin1=where.admin1 if where else None,
            lat=where.lat if where else None,
            lon=where.lon if where else None,
            place_precision=where.precision if where else None,
            place_reason=place.reason,
            killed_min=None,
            killed_max=None,
            injured_min=None,
            injured_max=None,
            size_min=None,
            size_max=None,
            trigger=tokens.text[first:last],
            trigger_start=first,
            trigger_end=last,
            sentence=tokens.span(sentence.start, sentence.end).strip(),
            sentence_index=number,
            confidence=sureness,
            coder_version=EVENTS_VERSION,
        )
        rows = [
            Participant(
                event_id=event_id,
                article_id=article.article_id,
                revision=article.revision,
                date=article.date,
                role=role,
                position=position,
                text=tokens.span(span.start, span.end),
                char_start=tokens.begin[span.start],
                char_end=tokens.end[span.end - 1],
                name=who.name,
                kind=who.kind,
                country=who.country,
                sector=who.sector,
                method=who.method,
                score=round(sureness * (who.score if who.score is not None else 1.0), 3),
            )
            for role, found in people
            for position, (span, who) in enumerate(found)
        ]
        return event, rows

    def _named(self, heads: Sequence[int], aimed_at_in: str | None = None) -> list[tuple[Span, Actor]]:
        """The words for each participant, and who it is; each once. Recipients need the type of the event."""
        roles, doc = self.reader.roles, self.parse.doc
        found: dict[tuple[int, int], tuple[Span, Actor]] = {}
        for head in heads:
            start, end = roles.span(head) if aimed_at_in is None else roles.shown(head, aimed_at_in)
            found.setdefault((start, end), (doc[start:end], self._describe(doc[slice(*roles.core(head))])))
        return list(found.values())

    def _placed(self, type_: str, span: Span, who: Actor, place: Place | None) -> Actor:
        """People without a country of their own belong where the event happened."""
        if (
            who.country is not None
            or place is None
            or place.country is None
            or who.kind not in ("person", "group", None)
        ):
            return who
        root, pos = span.root.i, self.tokens.pos
        if any(word in ("PROPN", "PRON") for word in pos[span.start : span.end]) or pos[root] not in ("NOUN", "NUM"):
            return who
        if who.kind is None and pos[root] == "NOUN" and type_ != "ASSAULT" and not self._is_settled(root):
            return who  # a claim or a cargo has no country, but what is attacked lies there
        return who._replace(country=place.country, method="place", score=0.4)

    def _unread(self, people: list[tuple[Span, Actor]]) -> list[tuple[Span, Actor]]:
        """The pronouns among people as the text has them, without whom they were taken for."""
        return [
            (span, Actor(self.tokens.span(span.start, span.end), None, None, None, None, 0.0))
            for span, _ in people
            if self.tokens.pos[span.root.i] == "PRON"
        ]

    def _is_attack(self, reading: Reading) -> bool:
        """Whether an event is told by "attack" or "assault" alone, which may be in words."""
        return all(self.parse.lemma[k] in ("attack", "assault") for k in reading.trigger)

    def _is_settled(self, root: int) -> bool:
        """Whether a noun names people or what stands on the ground, and so belongs where it is."""
        lemma = self.parse.lemma[root]
        return self.reader.roles.may_act(root) or lemma in self.reader.lexicon.classes["territory"] or lemma in _SITES

    def _describe(self, span: Span) -> Actor:
        key = (span.start, span.end)
        if key not in self._actors:
            self._actors[key] = self.surroundings.describe(span)
        return self._actors[key]

    def _trigger(self, reading: Reading) -> tuple[int, int]:
        """Tokens of the trigger as one stretch; words far away from the rest are left out."""
        start = end = min(reading.trigger)
        for k in sorted(reading.trigger):
            if k - end <= 6:
                end = k
        return start, end + 1

    def _whens(self, readings: Sequence[Reading]) -> list[When]:
        """The day of each event: by its own clause, else by what the sentences around tell."""
        parse, lexicon, published = self.parse, self.reader.lexicon, self.published
        told = []
        for reading in readings:
            number = self.sentence_of[reading.head]
            when = day_of_event(parse, lexicon, reading, self._times_in(number), published)
            told.append(Told(reading, number, when))
        if published is None:
            return [event.when for event in told]
        for event in told:
            if event.when.type == "assumed_pub":
                for number in range(max(0, event.sentence - REACH), event.sentence):
                    self._times_in(number)
        times = [(number, mention) for number in sorted(self._times) for mention in self._times[number]]
        return retold(parse, lexicon, told, times, published)

    def _times_in(self, number: int) -> Sequence[TimeMention]:
        if self.published is None:
            return ()
        if number not in self._times:
            self._times[number] = self.surroundings.times(self.sentences[number], self.published)
        return self._times[number]

    def _clause(self, reading: Reading) -> list[int]:
        """The tokens of the event's clause, without the clauses in it."""
        parse = self.parse
        found = list(dict.fromkeys((*reading.trigger, reading.head)))
        for i in found:
            for k in parse.kids[i]:
                if (
                    k not in found
                    and parse.dep[k] not in _CLAUSES
                    and not (parse.dep[k] == "conj" and parse.is_verb(k))
                ):
                    found.append(k)
        return sorted(found)

    def _attribution(self, reading: Reading) -> str | None:
        if reading.speaker is None or not self.reader.roles.may_act(reading.speaker):
            return None
        start, end = self.reader.roles.span(reading.speaker)
        return self._describe(self.parse.doc[start:end]).name
