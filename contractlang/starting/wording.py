"""What `new` says while it asks, in English and in French: questions, choices, and why an answer is refused.

In: a key and facts. Out: texts. Both catalogues have the same keys.
"""

ENGLISH = {
    "name letter": "a name has a letter or a digit in it",
    "name long": "a name has at most {most} characters, and this one has {count}",
    "name seen": "a name is one line of what can be seen; take out {character}",
    "word": '"{text}" is not one word; write what one of them is called, such as call or mail',
    "choice near": '"{text}" is none of them; the nearest is "{near}"',
    "choice": '"{text}" is none of them; write {choices} or {last}',
    "currency near": 'no currency has the code "{text}"; the nearest is "{near}"',
    "currency": 'no currency has the code "{text}"; write three letters, such as EUR',
    "zone near": 'there is no time zone called "{text}"; the nearest is "{near}"',
    "zone": 'there is no time zone called "{text}"; write one such as Europe/Paris',
    "day": '"{text}" is not a day; write year, month and day, such as 2026-01-31',
    "year": "the year {year} is not between {least} and {most}",
    "term months": "a term has 1 to {most} months",
    "term order": "the term would end on {end}, before it starts on {start}",
    "term long": "the term would last more than {most} years; check the year",
    "months": '"{text}" is not a number of months from 1 to 36',
    "price zero": "a price is above zero",
    "sum decimals": "a sum in {currency} has {places} decimals, and {text} has more",
    "sum whole": "a sum in {currency} has no decimals, and {text} has more",
    "percent between": "{text} is not between {least}% and {most}%",
    "percent decimals": "{text} has more than two decimals",
    "below zero": '"{text}" is below zero; write it without the sign',
    "decimal comma": 'the decimals of "{text}" follow a point, not a comma; write {point}',
    "comma": '"{text}" can be read two ways: a comma is not read; write {point} or {whole}',
    "commas": '"{text}" can be read two ways: a comma is not read; write {whole}',
    "number": '"{text}" is not a number; write one such as 31.50',
    "one name": "the provider and the client have one name; write who provides the service",
    "months end": "the term ends on {end}, before {months} months by the hour are over",
    "counted": '"{text}" cannot be counted: {why}; choose another word',
    "share zero": "it is above 0%; where nothing moves the price, choose the figure none",
    "no figure": "no figure moves the price of this contract; choose one, or leave this out",
    "no target": 'the model "{model}" has no target: it learns it by the hour; leave this out',
    "not asked": 'the model "{model}" does not ask for this; leave it out',
    "ask language": "Language of the notes and labels",
    "ask client": "Client: who is invoiced",
    "ask provider": "Provider: who provides the service",
    "ask name": "Name of the contract",
    "ask model": "How the work is paid",
    "ask currency": "Currency",
    "ask start": "First day of the term",
    "ask end": "Last day of the term, or its length",
    "ask timezone": "Time zone",
    "ask vat": "Rate of VAT",
    "ask counted act": "What one act is called",
    "ask counted head": "What one head is called",
    "ask months": "Months by the hour",
    "ask price hours-then-acts": "Price of an hour, at first",
    "ask price hours": "Price of an hour",
    "ask price acts": "Price of an act",
    "ask price flat": "Fee a month",
    "ask price head": "Price of a head a month",
    "ask price subscription": "Subscription a month",
    "ask act_price": "Price of an act, then",
    "ask quality": "Which figure moves the price",
    "ask target": "Target of that figure, where the bonus begins",
    "ask bonus": "Bonus at most, in percent of the line",
    "ask malus": "Malus at most, in percent of the line",
    "which": "Which one",
    "en": "English",
    "fr": "French",
    "hours-then-acts": "by the hour, then by the act with bonus and malus around what was learned (advised)",
    "hours": "by the hour",
    "acts": "by the act: each call, mail or file has its price",
    "flat": "a flat fee a month",
    "head": "per head: each customer, member or post served has its price",
    "subscription": "a subscription to tools and reporting",
    "none": "no figure",
    "answered": "the share of calls answered",
    "resolution": "the share resolved at the first contact",
    "satisfaction": "the share of satisfied answers to the survey",
    "on-time": "the share handled within the agreed time",
    "24 months": "24 months",
    "written": "Written:",
    "tested one": "Its test: {count} amount holds, on figures that are examples.",
    "tested many": "Its test: {count} amounts hold, on figures that are examples.",
    "next": "Next:",
}

FRENCH = {
    "name letter": "un nom contient une lettre ou un chiffre",
    "name long": "un nom a au plus {most} caractères, et celui-ci en a {count}",
    "name seen": "un nom est une ligne de caractères visibles\u00a0; retirez {character}",
    "word": (
        "«\u00a0{text}\u00a0» n’est pas un seul mot\u00a0; écrivez le nom d’une unité, "
        "comme appel ou courriel"
    ),
    "choice near": (
        "«\u00a0{text}\u00a0» n’est pas dans la liste\u00a0; le plus proche est «\u00a0{near}\u00a0»"
    ),
    "choice": "«\u00a0{text}\u00a0» n’est pas dans la liste\u00a0; écrivez {choices} ou {last}",
    "currency near": (
        "aucune devise n’a le code «\u00a0{text}\u00a0»\u00a0; le plus proche est «\u00a0{near}\u00a0»"
    ),
    "currency": "aucune devise n’a le code «\u00a0{text}\u00a0»\u00a0; écrivez trois lettres, comme EUR",
    "zone near": (
        "aucun fuseau horaire ne s’appelle «\u00a0{text}\u00a0»\u00a0; le plus proche "
        "est «\u00a0{near}\u00a0»"
    ),
    "zone": "aucun fuseau horaire ne s’appelle «\u00a0{text}\u00a0»\u00a0; écrivez par exemple Europe/Paris",
    "day": "«\u00a0{text}\u00a0» n’est pas un jour\u00a0; écrivez année, mois et jour, comme 2026-01-31",
    "year": "l’année {year} n’est pas entre {least} et {most}",
    "term months": "une durée compte de 1 à {most} mois",
    "term order": "le contrat finirait le {end}, avant de commencer le {start}",
    "term long": "le contrat durerait plus de {most} ans\u00a0; vérifiez l’année",
    "months": "«\u00a0{text}\u00a0» n’est pas un nombre de mois de 1 à 36",
    "price zero": "un prix est supérieur à zéro",
    "sum decimals": "une somme en {currency} a {places} décimales, et {text} en a plus",
    "sum whole": "une somme en {currency} n’a pas de décimales, et {text} en a",
    "percent between": "{text} n’est pas entre {least}\u00a0% et {most}\u00a0%",
    "percent decimals": "{text} a plus de deux décimales",
    "below zero": "«\u00a0{text}\u00a0» est inférieur à zéro\u00a0; écrivez-le sans le signe",
    "decimal comma": (
        "les décimales de «\u00a0{text}\u00a0» suivent un point, pas une virgule\u00a0; écrivez {point}"
    ),
    "comma": (
        "«\u00a0{text}\u00a0» peut se lire de deux façons\u00a0: la virgule n’est pas "
        "lue\u00a0; écrivez {point} ou {whole}"
    ),
    "commas": (
        "«\u00a0{text}\u00a0» peut se lire de deux façons\u00a0: la virgule n’est pas "
        "lue\u00a0; écrivez {whole}"
    ),
    "number": "«\u00a0{text}\u00a0» n’est pas un nombre\u00a0; écrivez par exemple 31.50",
    "one name": "le prestataire et le client ont le même nom\u00a0; écrivez qui fournit le service",
    "months end": "le contrat finit le {end}, avant la fin des {months} mois à l’heure",
    "counted": "«\u00a0{text}\u00a0» ne peut pas être compté\u00a0: {why}\u00a0; choisissez un autre mot",
    "share zero": "il est supérieur à 0\u00a0%\u00a0; si rien ne fait varier le prix, choisissez none",
    "no figure": (
        "aucun chiffre ne fait varier le prix de ce contrat\u00a0; choisissez-en un, ou ne dites rien ici"
    ),
    "no target": (
        "le modèle «\u00a0{model}\u00a0» n’a pas de cible\u00a0: il l’apprend à "
        "l’heure\u00a0; ne dites rien ici"
    ),
    "not asked": "le modèle «\u00a0{model}\u00a0» ne le demande pas\u00a0; ne dites rien ici",
    "ask language": "Langue des notes et des libellés",
    "ask client": "Client\u00a0: à qui l’on facture",
    "ask provider": "Prestataire\u00a0: qui fournit le service",
    "ask name": "Nom du contrat",
    "ask model": "Comment le travail est payé",
    "ask currency": "Devise",
    "ask start": "Premier jour du contrat",
    "ask end": "Dernier jour du contrat, ou sa durée",
    "ask timezone": "Fuseau horaire",
    "ask vat": "Taux de TVA",
    "ask counted act": "Comment s’appelle un acte",
    "ask counted head": "Comment s’appelle une tête comptée",
    "ask months": "Mois à l’heure",
    "ask price hours-then-acts": "Prix d’une heure, au début",
    "ask price hours": "Prix d’une heure",
    "ask price acts": "Prix d’un acte",
    "ask price flat": "Forfait par mois",
    "ask price head": "Prix d’une tête par mois",
    "ask price subscription": "Abonnement par mois",
    "ask act_price": "Prix d’un acte, ensuite",
    "ask quality": "Quel chiffre fait varier le prix",
    "ask target": "Cible de ce chiffre, où commence le bonus",
    "ask bonus": "Bonus au plus, en pourcentage de la ligne",
    "ask malus": "Malus au plus, en pourcentage de la ligne",
    "which": "Lequel",
    "en": "anglais",
    "fr": "français",
    "hours-then-acts": (
        "à l’heure, puis à l’acte avec bonus et malus autour de ce qui a été appris (conseillé)"
    ),
    "hours": "à l’heure",
    "acts": "à l’acte\u00a0: chaque appel, courriel ou dossier a son prix",
    "flat": "un forfait par mois",
    "head": "par tête\u00a0: chaque client, adhérent ou poste servi a son prix",
    "subscription": "un abonnement aux outils et aux rapports",
    "none": "aucun chiffre",
    "answered": "la part des appels décrochés",
    "resolution": "la part résolue au premier contact",
    "satisfaction": "la part de réponses satisfaites à l’enquête",
    "on-time": "la part traitée dans le délai convenu",
    "24 months": "24 mois",
    "written": "Écrit\u00a0:",
    "tested one": "Son test\u00a0: {count} montant est juste, sur des chiffres d’exemple.",
    "tested many": "Son test\u00a0: {count} montants sont justes, sur des chiffres d’exemple.",
    "next": "Ensuite\u00a0:",
}

_WORDS = {"en": ENGLISH, "fr": FRENCH}


def said(language: str, key: str, **facts: object) -> str:
    """The words under `key` in a language, with the facts in their places."""
    return _WORDS[language][key].format_map(facts)


class RefusedError(Exception):
    """An answer that cannot be taken; the text says why and what to write, without a capital at the start.

    `question` is the key of the question, where it is known.
    """

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(said("en", reason, **facts))
        self.reason = reason
        self.facts = facts
        self.question: str | None = None

    def said(self, language: str) -> str:
        """The reason in a language."""
        return said(language, self.reason, **self.facts)
