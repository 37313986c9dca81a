import pytest

from newsbeam.transforms.events.coder import code_events
from newsbeam.transforms.models import load_model
from tests.transforms.events.reading import DAY, article, code, told

ONE_EVENT = [
    # active, passive, by-agent, relative clause
    ("Kenyan soldiers attacked a rebel camp near the border.", "ASSAULT", ["Kenyan soldiers"], ["a rebel camp"]),
    ("Two journalists were arrested by Sudanese police.", "COERCE", ["Sudanese police"], ["Two journalists"]),
    ("The general, who accused France of treason, lives in Lyon.", "ACCUSE", ["The general"], ["France"]),
    # light verbs and event nouns
    ("Police clashed with smugglers.", "ASSAULT", ["Police", "smugglers"], ["smugglers", "Police"]),
    ("Rebels launched an attack on Goma.", "ASSAULT", ["Rebels"], ["Goma"]),
    ("Norway imposed sanctions on Belarus.", "SANCTION", ["Norway"], ["Belarus"]),
    ("The killing of the mayor by gunmen shocked the town.", "ASSAULT", ["gunmen"], ["the mayor"]),
    # the object decides the sense
    ("A drone struck a base in Yemen.", "ASSAULT", [], ["a base in Yemen"]),
    ("Ghana sent medicine to Togo.", "AID", ["Ghana"], ["Togo"]),
    ("Ghana sent troops to Togo.", "MOBILIZE", ["Ghana"], ["Togo"]),
    ("Portugal expelled two Russian diplomats.", "SANCTION", ["Portugal"], ["two Russian diplomats"]),
    # conventions: intention, refusal, request, end
    ("Turkey agreed to withdraw its soldiers from Iraq.", "AGREE", ["Turkey"], ["Iraq"]),
    ("Iran threatened to bomb Bahrain.", "THREATEN", ["Iran"], ["Bahrain"]),
    ("Serbia refused to meet the Croatian envoy.", "REJECT", ["Serbia"], ["the Croatian envoy"]),
    ("Germany said that Hungary must release the activists.", "REQUEST", ["Germany"], ["Hungary"]),
    ("Canada urged Mexico to free the miners.", "REQUEST", ["Canada"], ["Mexico"]),
    ("India lifted sanctions on Nepal.", "CONCEDE", ["India"], ["Nepal"]),
    ("Ethiopia withdrew its troops from Somalia.", "RETREAT", ["Ethiopia"], ["Somalia"]),
    ("Prosecutors opened an investigation into the minister.", "ACCUSE", ["Prosecutors"], ["the minister"]),
    ("Students protested against the government.", "PROTEST", ["Students"], ["the government"]),
    # the reported event has its own actors; the pronoun stands for the speaker
    ("A spokesman said that Israeli troops killed a farmer.", "ASSAULT", ["Israeli troops"], ["a farmer"]),
    ("Ecuador said it would release the hostages.", "AGREE", ["Ecuador"], ["the hostages"]),
    # whom a thing comes from
    ("Japan rejected a Chinese request.", "REJECT", ["Japan"], ["a Chinese request"]),
    ("Cuba is willing to send doctors to Haiti.", "AGREE", ["Cuba"], ["Haiti"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "type_", "actors", "recipients"), ONE_EVENT)
def test_reads_one_event(text: str, type_: str, actors: list[str], recipients: list[str]) -> None:
    assert told(text) == [(type_, actors, recipients)]


@pytest.mark.parametrize(
    "text",
    [
        "The weather was cold in Vienna.",
        "Several people were injured when a bus overturned on a wet road.",
        "The minister expressed his condolences to the family of the singer.",
        "The bank's profit rose by ten percent.",
        "The club denied allegations that it had cheated.",
        "The council is considering sanctions against Mali.",
        "I thank you for the letter.",
        "The envoy wants to meet the rebels.",
    ],
)
def test_no_event_no_row(text: str) -> None:
    assert told(text) == []


def test_one_meeting_is_a_row_each_way() -> None:
    text = "Angola's president met with Zambia's foreign minister in Lusaka to discuss trade."
    president, minister = ["Angola's president"], ["Zambia's foreign minister in Lusaka"]
    assert told(text) == [("CONSULT", president, minister), ("CONSULT", minister, president)]


def test_deal_is_told_of_both_sides() -> None:
    assert told("Brazil struck a deal with Bolivia.") == [
        ("SUPPORT", ["Brazil"], ["Bolivia"]),
        ("SUPPORT", ["Bolivia"], ["Brazil"]),
    ]


def test_speaker_is_attribution_not_actor() -> None:
    events, _ = code("Officials said that Ukrainian forces shelled the town.")
    assert [(e.actor_name, e.attribution) for e in events] == [("Ukrainian forces", "Officials")]


def test_dates_hang_on_their_own_clause() -> None:
    text = "Syrian police said on Tuesday that gunmen had attacked a convoy on Sunday. Jordan condemned Syria."
    events, _ = code(text)
    assert [(e.type, e.event_date, e.date_type) for e in events] == [
        ("ASSAULT", "2024-05-12", "exact"),
        ("ACCUSE", DAY, "assumed_pub"),
    ]


def test_undated_article_dates_nothing() -> None:
    events, _ = code("Rebels attacked the capital on Friday.", None)
    assert [(e.event_date, e.date_type) for e in events] == [(None, "unresolved")]


def test_negation_future_and_history() -> None:
    events, _ = code("France did not attack Libya. Spain will visit Malta. Iraq invaded Kuwait in 1990.")
    assert [(e.type, e.polarity, e.realis) for e in events] == [
        ("ASSAULT", "negated", "actual"),
        ("AGREE", "asserted", "future"),
        ("ASSAULT", "asserted", "historical"),
    ]


def test_rows_point_at_their_words() -> None:
    text = "Dutch police have arrested four smugglers in Rotterdam."
    events, participants = code(text)
    (event,) = events
    assert text[event.trigger_start : event.trigger_end] == event.trigger == "arrested"
    assert [text[p.char_start : p.char_end] for p in participants] == [p.text for p in participants]
    assert (event.type, event.mode, event.quad, event.cameo_root) == ("COERCE", "arrest", 4, "17")
    assert {p.event_id for p in participants} == {event.event_id}


def test_same_article_same_rows() -> None:
    text = "Polish troops clashed with smugglers. The smugglers fled. Poland thanked Lithuania."
    doc = load_model()(text)
    assert code_events(article(text), doc) == code_events(article(text), doc)
    assert len({e.event_id for e in code_events(article(text), doc)[0]}) == 2
