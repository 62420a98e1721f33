"""The words of a first contract in English and in French: names of figures and lines, and their labels."""

from collections.abc import Mapping
from dataclasses import dataclass

MODELS = ("hours-then-acts", "hours", "acts", "flat", "head", "subscription")
QUALITIES = ("none", "answered", "resolution", "satisfaction", "on-time")
LANGUAGES = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Words:
    """The names that a contract of one language uses, and what stands beside them.

    `names` are those of figures, lines and phases, by what they mean; `labels` those of supplied figures.
    `qualities` are the labels of the figures that a bonus is on.
    """

    names: Mapping[str, str]
    labels: Mapping[str, str]
    qualities: Mapping[str, str]
    act: str
    head: str
    answer: str
    client: str
    provider: str
    title: str


# What each share is: its good part and its whole.
PARTS = {
    "answered": ("handled", "offered"),
    "resolution": ("resolved", "handled"),
    "satisfaction": ("satisfied", "answers"),
    "on-time": ("on_time", "handled"),
}

WORDS = {
    "en": Words(
        names={
            "hours": "hours", "handled": "handled", "offered": "offered", "resolved": "resolved",
            "on_time": "on_time", "answers": "answers", "satisfied": "satisfied", "heads": "heads",
            "answered": "answer_rate", "resolution": "resolution_rate", "satisfaction": "satisfaction",
            "on-time": "on_time_rate", "learned": "learned_rate", "hourly": "hourly",
            "production": "production", "handling": "handling", "fee": "monthly_fee", "base": "base",
            "tools": "tools", "quality": "quality", "discovery": "discovery", "performance": "performance",
        },
        labels={
            "hours": "Hours worked", "handled": "Work handled", "offered": "Work offered",
            "resolved": "Resolved at the first contact", "on_time": "Handled within the agreed time",
            "answers": "Answers to the survey", "satisfied": "Satisfied answers",
            "heads": "Heads served at the end of the month",
        },
        qualities={
            "answered": "Share answered", "resolution": "First-contact resolution",
            "satisfaction": "Satisfaction", "on-time": "Handled on time",
        },
        act="call", head="member", answer="answer", client="Client", provider="Provider",
        title="{client}, customer care",
    ),
    "fr": Words(
        names={
            "hours": "heures", "handled": "traités", "offered": "reçus", "resolved": "résolus",
            "on_time": "à_temps", "answers": "réponses", "satisfied": "satisfaits", "heads": "têtes",
            "answered": "taux_de_prise", "resolution": "taux_de_résolution", "satisfaction": "satisfaction",
            "on-time": "taux_à_temps", "learned": "taux_appris", "hourly": "horaire",
            "production": "production", "handling": "actes", "fee": "forfait", "base": "base",
            "tools": "outils", "quality": "qualité", "discovery": "découverte", "performance": "performance",
        },
        labels={
            "hours": "Heures travaillées", "handled": "Actes traités", "offered": "Actes reçus",
            "resolved": "Résolus au premier contact", "on_time": "Traités dans le délai convenu",
            "answers": "Réponses à l'enquête", "satisfied": "Réponses satisfaites",
            "heads": "Têtes servies à la fin du mois",
        },
        qualities={
            "answered": "Taux de prise", "resolution": "Résolution au premier contact",
            "satisfaction": "Satisfaction", "on-time": "Traités dans le délai",
        },
        act="appel", head="adhérent", answer="réponse", client="Client", provider="Prestataire",
        title="{client}, relation client",
    ),
}  # fmt: skip
