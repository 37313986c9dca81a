"""Settle the two sides of a reading by the sentence around its frame."""

from newsbeam.transforms.actors.lexicon import folded, names
from newsbeam.transforms.events.parse import NOMINAL, Parse
from newsbeam.transforms.events.reading import Reading
from newsbeam.transforms.events.roles import Roles

#: What several do together, so that they are each other's sides.
_TOGETHER = frozenset(("CONSULT", "COOPERATE", "AGREE"))
#: Prepositions whose object is a side of what is done together.
_JOINING = frozenset(("with", "against"))
#: Prepositions to what it is about, or where: "share information on Chad".
_MATTER = frozenset(("on", "about", "over", "in", "at", "regarding", "concerning"))
#: Prepositions below an infinitive to whom it is done.
_TOWARDS = frozenset(("to", "with", "against", "from", "for", "on"))
#: Prepositions to where a protest is held.
_WHERE = frozenset("in near across along into inside throughout through around of to on".split())
_URGE = frozenset("urge tell order warn advise instruct remind encourage".split())
#: What is fired and cannot act itself.
_ARMS = frozenset("missile rocket bomb shell mortar grenade bullet projectile torpedo explosive airstrike".split())
_CLAIM = frozenset(("claim", "admit", "assume"))
#: Types whose object it is done to, or meant for.
_DONE_TO = frozenset(("AGREE", "REJECT", "THREATEN", "ASSAULT", "ACCUSE", "REQUEST", "AID"))
#: Words for those who keep the peace, and relations by which they are part of a deed, not of another told beside it.
_PEACE = frozenset(("peacekeeping", "peacekeeper"))
_OF_THE_DEED = frozenset("prep pobj dobj xcomp pcomp attr compound amod nmod poss acl".split())
#: Types that wait for what another does.
_CONDITIONED = frozenset(("AGREE", "REJECT", "THREATEN", "CONCEDE"))


def settled(roles: Roles, reading: Reading) -> Reading:
    """The reading with each side in its place."""
    reading = _settled(roles, _without_arms(roles, _without_scene(roles, _turned(roles, reading))))
    return _for_peace(roles, _against(roles, reading))


def _for_peace(roles: Roles, reading: Reading) -> Reading:
    """ "sent troops to serve as a peacekeeping force": troops that keep the peace are help to whom they are sent."""
    p = roles.p
    if reading.type != "MOBILIZE":
        return reading
    below = list(dict.fromkeys((reading.head, *reading.trigger)))
    for i in below:
        if p.lemma[i] in _PEACE:
            return reading._replace(type="AID", mode="military")
        below.extend(k for k in p.kids[i] if _is_of_the_deed(p, k) and k not in below)
    return reading


def _against(roles: Roles, reading: Reading) -> Reading:
    """ "will deploy troops against the rebels": a move to come is a threat to whom it is against, else a move."""
    p = roles.p
    if reading.type != "MOBILIZE" or reading.realis != "future":
        return reading
    if not any(p.dep[k] == "pobj" and p.lower[p.head[k]] == "against" for k in reading.recipients):
        return reading
    return reading._replace(type="THREATEN", mode=None)


def _is_of_the_deed(p: Parse, k: int) -> bool:
    """Whether a word belongs to the deed it hangs on: its objects and its purpose, not what is told beside it."""
    return p.dep[k] in _OF_THE_DEED or (p.dep[k] in ("advcl", "relcl") and p.tag[k] == "VB")  # "to serve as"


def _turned(roles: Roles, reading: Reading) -> Reading:
    """ "Drivers urged to stay at home": in a headline, with nobody else who is urged, the subject is."""
    p, head = roles.p, reading.head
    above = p.head[head]
    if reading.type == "ASSAULT" and p.tag[head] in ("VBN", "VBD") and p.lemma[above] == "find" and p.is_passive(above):
        if p.dep[head] in ("xcomp", "ccomp", "oprd", "acomp", "advcl") and p.object(head) is None:
            return reading._replace(actors=(), recipients=reading.actors or reading.recipients)  # "were found shot"
    if reading.type != "REQUEST" or p.lemma[head] not in _URGE or p.tag[head] not in ("VBD", "VBN"):
        return reading
    if reading.trigger != (head,) or p.object(head) is not None or p.one(head, "aux", "auxpass") is not None:
        return reading
    if not any(p.lower[c] == "to" and p.dep[c] == "aux" for k in p.all(head, "xcomp") for c in p.kids[k]):
        return reading
    return reading._replace(actors=(), recipients=reading.actors)


def _without_arms(roles: Roles, reading: Reading) -> Reading:
    """Who fired the missile that struck, rather than the missile: "missiles fired from Chad"; else nobody."""
    if reading.type != "ASSAULT":
        return reading
    found: list[int] = []
    subject = None if reading.actors else roles.p.subject(reading.head)
    for k in reading.actors if subject is None else (subject,):
        found.extend(_fired_by(roles, k) if _is_arm(roles, k) else [k] if subject is None else [])
    if tuple(found) == reading.actors:
        return reading
    return reading._replace(actors=tuple(k for k in dict.fromkeys(found) if k not in reading.recipients))


def _is_arm(roles: Roles, k: int) -> bool:
    p = roles.p
    if p.lemma[k] in _ARMS:
        return True
    of = [o for word, _, objects in p.prepositions(k) if word == "of" for o in objects]
    return p.pos[k] == "NUM" and any(p.lemma[o] in _ARMS for o in of)


def _fired_by(roles: Roles, arm: int) -> list[int]:
    p = roles.p
    for verb in p.all(arm, "acl"):
        if p.tag[verb] == "VBN":
            heads = [o for word, _, objects in p.prepositions(verb) if word in ("from", "by") for o in objects]
            agent = p.agent(verb)
            named = [k for k in ([agent] if agent is not None else heads) if roles.may_act(k)]
            if named:
                return named
    owner = roles.owner(arm, outward=False)
    return [owner] if owner is not None and roles.may_act(owner) else []


def _without_scene(roles: Roles, reading: Reading) -> Reading:
    """ "marched in Lima": a protest is aimed at a power, and a town behind "in" tells only where."""
    p = roles.p
    if reading.type != "PROTEST":
        return reading
    aims = tuple(k for k in reading.recipients if k in roles.thing_of or not _is_scene(p, k))
    return reading._replace(recipients=aims) if len(aims) < len(reading.recipients) else reading


def _is_scene(p: Parse, k: int) -> bool:
    """Whether a place tells where something is held, and is no state, which may be meant itself."""
    if p.ent[k] not in ("GPE", "LOC", "FAC") or _is_state(p.doc[k].text):
        return False
    while p.dep[k] == "conj" and p.head[k] != k:
        k = p.head[k]
    return p.dep[k] == "pobj" and p.lower[p.head[k]] in _WHERE


def _is_state(name: str) -> bool:
    return any(entry.kind == "country" and entry.method == "gazetteer" for entry in names().get(folded(name), ()))


def _settled(roles: Roles, reading: Reading) -> Reading:
    reading = _among_themselves(roles, reading)
    if not reading.actors:
        reading = reading._replace(actors=tuple(_claimed_by(roles, reading)))
    if not reading.actors:
        return reading
    if any(k not in roles.thing_of and roles.may_act(k) for k in reading.recipients):
        return reading
    found = _asked(roles, reading)
    if not found and not reading.recipients:
        found = (
            _met_there(roles, reading)
            or _in_object(roles, reading)
            or _in_complement(roles, reading)
            or _on_condition(roles, reading)
            or _in_need(roles, reading)
        )
    return reading._replace(recipients=tuple(found)) if found else reading


def _asked(roles: Roles, reading: Reading) -> list[int]:
    """Who is to do what is demanded: "repeated its demand that Chad open the border"."""
    p = roles.p
    if reading.type != "REQUEST":
        return []
    for noun in dict.fromkeys((reading.head, *reading.trigger)):
        for clause in p.all(noun, "acl", "relcl", "ccomp"):
            mark = p.one(clause, "mark")
            subject = p.one(clause, "nsubj", "nsubjpass")
            if mark is not None and p.lower[mark] == "that" and subject is not None:
                return _others(roles, reading, subject)
    return []


def _in_object(roles: Roles, reading: Reading) -> list[int]:
    """Who is the object of the predicates that state the event: "will release the hostages"."""
    p = roles.p
    if reading.type not in _DONE_TO:
        return []
    for verb in dict.fromkeys((reading.head, *reading.trigger)):
        obj = p.object(verb) if p.is_verb(verb) and not p.is_passive(verb) else None
        if obj is not None and (found := _others(roles, reading, obj)):
            return found
    return []


def _met_there(roles: Roles, reading: Reading) -> list[int]:
    """Whose meeting it is: "attended a meeting of the council"; and where killing is done: "killings in Mexico"."""
    p = roles.p
    for noun in reading.trigger:
        sense = roles.nouns.get(p.lemma[noun]) if p.pos[noun] == "NOUN" else None
        if sense is None or sense.type != reading.type:
            continue
        for word, _, objects in p.prepositions(noun) if reading.type == "CONSULT" else ():
            for k in objects if word in ("of", "between", "among", "with") else ():
                if found := _others(roles, reading, k):
                    return found
        if reading.type == "ASSAULT" and (place := roles.place_below(noun, None, None)) is not None:
            return [place]
    return []


def _in_complement(roles: Roles, reading: Reading) -> list[int]:
    """Who is let, asked, helped or struck in what the event is to bring about: "consent for nurses to enter"."""
    p = roles.p
    hosts = list(dict.fromkeys((reading.head, *reading.trigger)))
    for host in hosts:
        for clause in p.all(host, "xcomp", "ccomp", "advcl", "acl", "pcomp"):
            if clause < host or clause in hosts or len(hosts) > 8 or not _is_aim(p, clause):
                continue
            for k in p.all(clause, "nsubj", "nsubjpass"):
                if found := _others(roles, reading, k):
                    return found
            if found := _below(roles, reading, clause):
                return found
            hosts.append(clause)
    return []


def _below(roles: Roles, reading: Reading, clause: int) -> list[int]:
    """Those whom an infinitive acts on: its objects, then the owners of things in them."""
    p = roles.p
    obj = p.object(clause)
    heads = [obj] if obj is not None else []
    heads += [k for word, _, objects in p.prepositions(clause) if word in _TOWARDS for k in objects]
    for k in heads:
        if found := _others(roles, reading, k):
            return found
    for k in heads:
        if p.pos[k] in NOMINAL and (owner := roles.aim(k)) is not None and _others(roles, reading, owner):
            return [owner]
    return []


def _is_aim(p: Parse, clause: int) -> bool:
    """Whether a clause tells what a deed is to bring about: an infinitive, or the clause below one."""
    helpers = {p.lower[k] for k in p.kids[clause] if p.dep[k] in ("aux", "mark")}
    if "to" in helpers or helpers == {"for"}:
        return True
    return p.dep[clause] == "ccomp" and p.dep[p.head[clause]] == "xcomp" and not helpers


def _on_condition(roles: Roles, reading: Reading) -> list[int]:
    """Who has it in hand: "threatened to leave if Chad …", "refuse until their demands are met by the ministry"."""
    p = roles.p
    if reading.type not in _CONDITIONED:
        return []
    for clause in p.below(reading.head):
        mark = p.one(clause, "mark") if p.dep[clause] == "advcl" else None
        if mark is None or p.lower[mark] not in ("if", "unless", "until"):
            continue
        for k in (p.one(clause, "nsubj", "nsubjpass"), p.agent(clause)):
            if k is not None and (found := _others(roles, reading, k)):
                return found
    return []


def _claimed_by(roles: Roles, reading: Reading) -> list[int]:
    """Who says that it was he: "claimed responsibility for the attack", "claimed the attack"."""
    p = roles.p
    if reading.type != "ASSAULT":
        return []
    for noun in reading.trigger:
        above = p.head[noun]
        if p.dep[noun] == "pobj" and p.lower[above] == "for":
            above = p.head[above]
            above = p.head[above] if p.lemma[above] == "responsibility" else noun
        elif p.dep[noun] != "dobj":
            continue
        if p.lemma[above] in _CLAIM and p.is_verb(above) and not p.is_negated(above):
            subject = p.agent(above) if p.is_passive(above) else p.subject(above)
            return [k for k in roles.actors_at(subject) if k not in reading.recipients]
    return []


def _in_need(roles: Roles, reading: Reading) -> list[int]:
    """Where aid goes, however deep it is told: "to pay for the care of those affected in Chad"."""
    p = roles.p
    if reading.type != "AID":
        return []
    for k in sorted(p.below(reading.head)):
        if k > reading.head and p.ent[k] == "GPE" and p.dep[k] == "pobj" and p.lower[p.head[k]] in ("in", "to", "for"):
            if not {*reading.actors} & {*p.series(k)}:
                return [k]
    return []


def _others(roles: Roles, reading: Reading, k: int) -> list[int]:
    """The acting ones of a list who are no actors of the event and named by more than a pronoun."""
    p, told = roles.p, {*reading.actors, *reading.trigger}
    if p.pos[k] not in NOMINAL:
        return []
    holder = p.one(k, "poss")
    if holder is not None and p.tag[holder] == "PRP$":
        return []  # "withdraw its troops": they are on the actor's side
    return [c for c in p.series(k) if roles.may_act(c) and p.pos[c] != "PRON" and c not in told]


def _among_themselves(roles: Roles, reading: Reading) -> Reading:
    """ "Chile and Peru signed a deal on fishing": the sides are Chile and Peru, and fishing is none."""
    p = roles.p
    if len(reading.actors) < 2 or reading.mode == "mediate" or not _are_coordinated(p, reading.actors):
        return reading
    if not (reading.is_reciprocal or reading.type in _TOGETHER or _is_of_both(roles, reading)):
        return reading
    if any(_is_side(roles, reading, k) for k in reading.recipients):
        return reading
    return reading._replace(actors=reading.actors[:1], recipients=reading.actors[1:], is_reciprocal=True)


def _is_of_both(roles: Roles, reading: Reading) -> bool:
    """Whether what is rejected is something that two sides make: "failed to reach a deal"."""
    if reading.type != "REJECT":
        return False
    senses = [roles.nouns.get(roles.p.lemma[k]) for k in (*reading.trigger, *reading.recipients)]
    return any(sense is not None and "recip" in sense.flags for sense in senses)


def _are_coordinated(p: Parse, actors: tuple[int, ...]) -> bool:
    return all(k in p.series(actors[0]) or p.head[k] == p.head[actors[0]] for k in actors[1:])


def _is_side(roles: Roles, reading: Reading, k: int) -> bool:
    """Whether a recipient is met, fought or dealt with, and not the place or the matter of it."""
    p = roles.p
    is_owner = k in roles.thing_of
    if not roles.may_act(k) or (is_owner and (reading.is_reciprocal or reading.type != "AGREE")):
        return False
    while p.dep[k] in ("conj", "compound", "nmod", "amod", "poss") and p.head[k] != k:
        k = p.head[k]
    if p.dep[k] != "pobj":
        return True
    word = p.lower[p.head[k]]
    return word not in _MATTER if is_owner else word in _JOINING
