"""What happened, and who took part in it."""

from typing import Annotated, NamedTuple

from newsbeam.schemas.row import DAY, FEW, FLOAT32, INSTANT, INT8, INT32, PARTITION, row


@row
class Event(NamedTuple):
    """One row per event stated in a canonical article."""

    event_id: Annotated[str, "stable id: article, revision, sentence, trigger span, type, actors, recipients"]
    event_key: Annotated[str, "equal for the same event in several articles: day, type, actor, recipient, place"]
    article_id: Annotated[str, "the article that states it"]
    revision: Annotated[int, INT32, "revision of the article that the offsets count in"]
    date: Annotated[str, PARTITION, "publication day of the article, UTC"]
    published_at: Annotated[int | None, INSTANT, "publication instant of the article"]
    event_date: Annotated[str | None, DAY, "first day of the event; null where date_type is unresolved"]
    event_date_end: Annotated[str | None, DAY, "last day, where the text gives a span of more than a day"]
    date_granularity: Annotated[str | None, FEW, "what the text pins down: day, week, month, quarter, year"]
    date_type: Annotated[str, FEW, "exact, approximate, range, assumed_pub (no date in the text) or unresolved"]
    date_text: Annotated[str | None, "the words that give the date"]
    type: Annotated[str, FEW, "PLOVER event type, one of 16"]
    mode: Annotated[str | None, FEW, "how: aerial, arrest, visit …; read together with type"]
    cameo_root: Annotated[str, FEW, "CAMEO root code, two digits, for joins with GDELT and ICEWS"]
    quad: Annotated[int, INT8, "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict"]
    intensity: Annotated[float, FLOAT32, "-10 (most conflictual) to 10 (most cooperative), newsbeam's own scale"]
    contexts: Annotated[list[str], "what it is about: military, election, health …"]
    polarity: Annotated[str, FEW, "asserted or negated"]
    realis: Annotated[str, FEW, "actual, future, hypothetical or historical (background)"]
    attribution: Annotated[str | None, "who says so"]
    actor_name: Annotated[str | None, "first actor, in the fullest form the article gives"]
    actor_country: Annotated[
        str | None, FEW, "its country, ISO 3166-1 alpha-3; IGO, NGO, IMG for bodies of no one country"
    ]
    actor_sector: Annotated[str | None, FEW, "its sector: GOV, MIL, REB, CVL, OPP, COP, JUD, MED, BUS, IGO, NGO …"]
    recipient_name: Annotated[str | None, "first recipient"]
    recipient_country: Annotated[str | None, FEW, "its country"]
    recipient_sector: Annotated[str | None, FEW, "its sector"]
    place_name: Annotated[
        str | None, "where it happened: the name in GeoNames, or in the article where that of GeoNames has accents"
    ]
    place_id: Annotated[int | None, "GeoNames id"]
    place_country: Annotated[str | None, FEW, "ISO 3166-1 alpha-3"]
    place_admin1: Annotated[str | None, FEW, "first-order division, GeoNames code"]
    lat: Annotated[float | None, "latitude, degrees north"]
    lon: Annotated[float | None, "longitude, degrees east"]
    place_precision: Annotated[str | None, FEW, "city, admin1 or country"]
    place_reason: Annotated[str | None, FEW, "why there is no place: not_stated, not_in_gazetteer, ambiguous"]
    killed_min: Annotated[int | None, "people killed in it, at least"]
    killed_max: Annotated[int | None, "people killed in it, at most"]
    injured_min: Annotated[int | None, "people injured in it, at least"]
    injured_max: Annotated[int | None, "people injured in it, at most"]
    size_min: Annotated[int | None, "people taking part, at least"]
    size_max: Annotated[int | None, "people taking part, at most"]
    trigger: Annotated[str, "the words that state the event"]
    trigger_start: Annotated[int, INT32, "first character of the trigger in the text"]
    trigger_end: Annotated[int, INT32, "character after the trigger"]
    sentence: Annotated[str, "the sentence"]
    sentence_index: Annotated[int, INT32, "number of the sentence in the article, from 0"]
    confidence: Annotated[float, FLOAT32, "chance that the type is right and nobody named in a role is wrong, 0 to 1"]
    coder_version: Annotated[str, FEW, "version of the rules and lexicon"]


@row
class Participant(NamedTuple):
    """Everyone in an event."""

    event_id: Annotated[str, "the event"]
    article_id: Annotated[str, "the article"]
    revision: Annotated[int, INT32, "revision of the article that the offsets count in"]
    date: Annotated[str, PARTITION, "publication day of the article, UTC"]
    role: Annotated[str, FEW, "actor or recipient"]
    position: Annotated[int, INT32, "order within the role, from 0"]
    text: Annotated[str, "the words in the sentence"]
    char_start: Annotated[int, INT32, "first character in the text"]
    char_end: Annotated[int, INT32, "character after the last"]
    name: Annotated[str, "fullest form that the article gives"]
    kind: Annotated[str | None, FEW, "person, organisation, country, group"]
    country: Annotated[str | None, FEW, "ISO 3166-1 alpha-3; IGO, NGO, IMG for bodies of no one country"]
    sector: Annotated[str | None, FEW, "GOV, MIL, REB, CVL, OPP, COP, JUD, MED, BUS, IGO, NGO …"]
    method: Annotated[str | None, FEW, "how country and sector were found: gazetteer, demonym, title, article …"]
    score: Annotated[float, FLOAT32, "how sure the role is, 0 to 1"]
