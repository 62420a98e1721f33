"""The French of the clauses of contracts in sentences, by key; rules_en.py has the same keys."""

WORDS: dict[str, str] = {
    # ---- the document
    "annex": "Annexe commerciale",
    "heading": "Article {number}. {title}",
    "note": "Note : {note}",
    "signed": "Ce texte énonce les termes dont l’empreinte est {fingerprint}. Chaque facture porte "
    "l’empreinte des termes qu’elle applique.",
    "article parties": "Parties, durée et factures",
    "article definitions": "Définitions",
    "article figures": "Grandeurs mesurées",
    "article prices": "Prix",
    "article phase": "Phase {phase}",
    "article whole term": "Sommes dues pendant toute la durée, quelle que soit la phase",
    "article due": "Sommes dues",
    "article rules": "Règles générales",
    "article guarantees": "Garanties",
    "article amendment": "Avenant {label}",
    "article examples": "Exemples chiffrés",
    # ---- header
    "title parties": "Parties",
    "title term": "Durée",
    "title invoices": "Périodes de facturation",
    "title currency": "Monnaie et fuseau horaire",
    "title vat": "TVA",
    "title payment": "Paiement",
    "title rounding": "Arrondi des montants",
    "title edition": "Édition",
    "provider is": "Le Prestataire est {party}",
    "client is": "Le Client est {party}",
    "term": "Le contrat s’étend de {first} à {last}, ces deux jours compris",
    "invoiced weekly": "Les factures sont établies par semaine, du lundi au dimanche",
    "invoiced monthly": "Les factures sont établies par mois civil",
    "invoiced quarterly": "Les factures sont établies par trimestre civil",
    "invoiced yearly": "Les factures sont établies par année civile",
    "invoiced from day": "Les factures sont établies par mois, un mois allant du {first} d’un mois civil "
    "au {last} du suivant",
    "currency": "Tous les montants sont exprimés en {currency}, hors TVA",
    "timezone": "Les jours et les heures sont ceux du fuseau {zone}, changements d’heure compris",
    "vat": "Sauf clause contraire, la TVA est due au taux de {percent}",
    "vat dated": "Sauf clause contraire, la TVA est due aux taux suivants, chaque ligne prenant le taux "
    "en vigueur à son dernier jour",
    "payment": "Les factures sont payables dans un délai de {length} à compter de leur date d’émission",
    "payment end of month": "Les factures sont payables dans un délai de {length} à compter de leur date "
    "d’émission, reporté à la fin du mois",
    "rounding": "Le montant de chaque ligne de facture est arrondi une seule fois, {rounding}",
    "edition": "Ces termes sont écrits dans l’édition {edition} du langage de contrat",
    # ---- definitions
    "unit counted": "{name} se compte à l’unité",
    "unit multiple": "{name} vaut {value}",
    "unit plural": " ; son pluriel est {plural}",
    "usage": "Le relevé {name} comporte une ligne pour chaque {unit}, si bien que ses lignes se comptent "
    "dans cette unité",
    "usage on": "Une ligne appartient à la période qui contient sa date {column}",
    "usage key": "Deux lignes n’ont jamais {columns} en commun",
    "usage columns": "Chaque ligne comporte :",
    "column": "{name}, {type}",
    "column optional": "{name}, {type}, facultatif",
    "column between": "{words}, entre {least} et {most}",
    "type timestamp": "une date et une heure",
    "type duration": "une durée",
    "type boolean": "oui ou non",
    "type text": "un texte",
    "type number": "un nombre",
    "type money": "une somme d’argent",
    "type date": "une date",
    "window": "La plage horaire {name} comprend {value}",
    "window supplied": "La plage horaire {name} comprend les dates et les heures communiquées avec les "
    "mesures",
    "index": "{name} est l’indice publié dont les valeurs mensuelles sont conservées dans le fichier {path}",
    "figure supplied": "{name} est une grandeur communiquée pour chaque période, en {unit}",
    "figure supplied plain": "{name} est une grandeur communiquée pour chaque période",
    "figure supplied yes": "{name} est une réponse communiquée pour chaque période, oui ou non",
    "figure by value": "{name} se lit dans le barème suivant, selon {figure}",
    "figure": "{name} désigne {value}",
    "figure unit": ", le résultat étant exprimé en {unit}",
    "in percent": "pour cent",
    "figure rounded": ", le résultat étant arrondi {rounding}",
    "figure when": "Cette grandeur n’a de valeur que si {condition} ; sinon, elle est sans donnée",
    "figure between": "Sa valeur est comprise entre {least} et {most} ; toute autre valeur est une erreur "
    "à corriger",
    "figure otherwise": "À défaut de communication, elle vaut {value}",
    "figure not added": "Ses valeurs de plusieurs périodes ne s’additionnent pas",
    "figure prorated": "Si une période est coupée, chaque partie en prend sa part au prorata des jours",
    # ---- prices
    "rate is": "Le prix {name} est de {value}",
    "rate dated": "Le prix {name} est de",
    "rate by value": "Le prix {name} dépend de {figure}",
    "amount is": "Le montant {name} est de {value}",
    "amount dated": "Le montant {name} est de",
    "amount by value": "Le montant {name} dépend de {figure}",
    "indexed": "Ce prix est révisé {every} selon l’indice {index}, toujours à partir de la valeur ci-dessus",
    "indexed coefficient": "Le coefficient est de {fixed} plus {rest} multipliés par S et divisés par S0, "
    "S0 étant l’indice du mois suivant : {base}",
    "indexed lag": "S est l’indice du mois qui précède de {length} celui de la révision",
    "indexed no lag": "S est l’indice du mois de la révision",
    "indexed rounded": "Le coefficient est arrondi {rounding}",
    "indexed within": "Une variation de {percent} au plus, à la hausse ou à la baisse, est négligée ; "
    "au-delà, elle compte en entier",
    "indexed at most": "La valeur révisée ne dépasse jamais la valeur ci-dessus de plus de {percent}",
    # ---- lines
    "charge amount": "Le Client doit {value}",
    "charge by": "Le Client doit, selon {figure}",
    "charge per": ", séparément pour chaque valeur de {column}",
    "charge price": "Le Client paie {quantity} au prix de {price}{per}",
    "charge price by": "Le Client paie {quantity}{per} à un prix qui dépend de {figure}",
    "charge tiers": "Le Client paie {quantity}{per}, {pricing}",
    "fee per": "Le Client doit un forfait de {value} par {frequency}",
    "fee": "Le Client doit un forfait de {value}",
    "subscription per": "Le Client doit un abonnement de {value} par {frequency}",
    "subscription": "Le Client doit un abonnement de {value}",
    "fee once": ", une seule fois, au premier jour où la présente clause est en vigueur",
    "fee once on": ", une seule fois, {day}",
    "of base": " de {base}",
    "of sum": " de cette assiette",
    "of lines": " de cette assiette",
    "adjusted on": ", sur l’assiette de {lines}",
    "adjusted by": "Selon {figure}, le prix est ajusté comme suit{on}",
    "adjusted": "Le prix est ajusté{on}, de ce qui suit : {value}",
    "scorecard": "Le prix est ajusté{on}, de la somme des parts ci-dessous",
    "scorecard part": "Part {number}, selon {figure}",
    "part named": ", désignée par {name}",
    "part weight": ", dont le poids est de {weight}",
    "penalty": "Le Prestataire doit une pénalité, portée en déduction, de {value}",
    "penalty by": "Le Prestataire doit une pénalité, portée en déduction, selon {figure}",
    "penalty untaxed": "La pénalité est hors du champ de la TVA",
    "minimum": "Si {lines} n’atteignent pas ensemble {value}, le Client doit la différence",
    "limit": "La présente clause borne {what} : ce qui sort d’une borne est repris, ou complété, sur "
    "cette ligne",
    "limit carried": ". Ce qui est repris est reporté à l’évaluation suivante et y compte avant la borne, "
    "jusqu’à la fin de la clause",
    "clawback": "Sont restituées au Client les unités suivantes : {units}. Chaque unité est restituée au "
    "prix moyen de {line} au jour {column} : le montant de cette ligne, dans ses bornes et avant arrondi, "
    "divisé par sa quantité, dans la partie de période qui contient ce jour. Une unité d’un jour pour lequel "
    "cette ligne n’a pas de quantité n’est pas restituée. Les ajustements et les minimums de la facture "
    "antérieure restent tels quels",
    "clawback per": "Chaque unité est restituée sur la ligne de sa propre valeur de {column}",
    "line when": "La présente clause ne s’applique que si {condition}",
    "bound between": "Le montant n’est jamais inférieur à {least} ni supérieur à {most}",
    "bound limit between": "Le montant ainsi borné n’est jamais inférieur à {least} ni supérieur à {most}",
    "bound at most": "Le montant ne dépasse jamais {value}",
    "bound at most over": "Le total des montants {span} ne dépasse jamais {value}",
    "bound at least": "Le montant n’est jamais inférieur à {value}",
    "bound at least over": "Le total des montants {span} n’est jamais inférieur à {value}",
    "bound limit at most": "Le montant ainsi borné ne dépasse jamais {value}",
    "bound limit at most over": "Le total des montants ainsi bornés {span} ne dépasse jamais {value}",
    "bound limit at least": "Le montant ainsi borné n’est jamais inférieur à {value}",
    "bound limit at least over": "Le total des montants ainsi bornés {span} n’est jamais inférieur à {value}",
    "bonus at most": "La majoration ne dépasse jamais {value}",
    "malus at most": "La déduction ne dépasse jamais {value}",
    "bonus when": "Une majoration n’est due que si {condition}",
    "malus when": "Une déduction n’est faite que si {condition}",
    "bonus when parts": "Une part ne compte comme majoration que si {condition} ; sinon elle compte pour "
    "rien",
    "malus when parts": "Une part ne compte comme déduction que si {condition} ; sinon elle compte pour rien",
    "bonus at most parts": "La somme des parts, si elle est une majoration, ne dépasse jamais {value}",
    "malus at most parts": "La somme des parts, si elle est une déduction, ne dépasse jamais {value}",
    "line from until": "La présente clause est en vigueur de {first} à {last}, ces deux jours compris",
    "line from": "La présente clause est en vigueur à compter de {first}",
    "line until": "La présente clause est en vigueur jusqu’à {last}, ce jour compris",
    "line every": "L’évaluation a lieu une fois par {every}, à la fin et sur l’ensemble",
    "line in advance": "La facturation a lieu d’avance",
    "line in arrears": "La facturation a lieu à terme échu",
    "line not prorated": "La somme est due en entier, même pour une partie de sa période",
    "line per tier": "Chaque tranche fait l’objet d’une ligne de facture et d’un arrondi",
    "line taxed": "La TVA est due au taux de {percent}",
    "line exempt": "La somme est exonérée de TVA : {reason}",
    "line untaxed": "La somme est hors du champ de la TVA : {reason}",
    # ---- phases and amendments
    "title entry": "Entrée en vigueur",
    "title transition": "Passage à {phase}",
    "title effective": "Prise d’effet",
    "phase first": "La phase {phase} est en vigueur à compter du premier jour du contrat",
    "phase later": "La phase {phase} est en vigueur à compter du jour où elle s’ouvre",
    "phase again by": "Elle s’ouvre de nouveau en application de la clause {clauses}",
    "phase again by several": "Elle s’ouvre de nouveau en application de la clause {clauses}, la première "
    "qui s’applique",
    "phase entered by": "Elle s’ouvre en application de la clause {clauses}",
    "phase entered by several": "Elle s’ouvre en application de la clause {clauses}, la première qui "
    "s’applique",
    "phase never entered": "Aucune clause n’y conduit",
    "phase lines": "Les clauses du présent article ne valent que pour les jours de cette phase",
    "phase lines added": "Les clauses qui y sont ajoutées ne valent que pour les jours de cette phase",
    "phase lines but": "Les clauses du présent article ne valent que pour les jours de cette phase, sauf la "
    "clause {clauses}, qui lui survit",
    "phase several ways": "Si plusieurs passages vers d’autres phases s’appliquent le même jour, le premier "
    "écrit l’emporte",
    "transition after": "Après {length} dans la présente phase, celle-ci fait place à {phase}",
    "transition on": "{day}, la présente phase fait place à {phase}",
    "transition when": "La présente phase fait place à {phase}, au début de la période de facturation "
    "suivante, si {condition}",
    "transition for": "pour chacune des périodes de facturation entières, toutes passées dans cette phase, "
    "des {length} écoulés, {condition}",
    "transition at end": "à la fin d’une période de facturation entière passée dans cette phase, {condition}",
    "transition bare": "La présente phase fait place à {phase}",
    "transition not before": "Ce passage n’a jamais lieu moins de {length} après l’ouverture de la "
    "présente phase",
    "amendment effective": "Le présent avenant prend effet {day}. Ce qui était dû avant ce jour reste "
    "soumis aux termes antérieurs, et ce qu’il ne nomme pas est inchangé",
    "amendment removes": "{name} prend fin",
    "amendment replaces": "La clause {clause} est remplacée par ce qui suit",
    "amendment adds": "Il est ajouté ce qui suit",
    "amendment adds to phase": "Il est ajouté ce qui suit à la phase {phase}",
    # ---- guarantees and examples
    "invariant": "Pour chaque période de facturation, quelles que soient les mesures, {condition}",
    "example given": "En supposant que",
    "example expect": "il s’ensuit que",
    "example row": "{period}, {facts}",
    "example any period": "en tout temps",
    "example figure": "{name} vaut {value}",
    "example no data": "{name} est sans donnée",
    "example line": "{name} s’élève à {value}",
    "example phase": "la phase en vigueur au dernier jour est {phase}",
    # ---- general rules
    "title exact": "Exactitude",
    "rule exact": "Les grandeurs et les montants sont calculés exactement, et rien n’est arrondi sauf là "
    "où ces termes le disent. Ce qui se calcule à partir d’autres lignes (ajustements, plafonds, "
    "minimums, totaux, TVA) se calcule à partir de leurs montants arrondis, de sorte que chacun peut "
    "refaire le calcul d’une facture à partir de ce qu’elle imprime",
    "title tax": "Calcul de la TVA",
    "rule tax": "La TVA est calculée, pour chaque taux, sur la somme des lignes à ce taux, et arrondie "
    "une seule fois. Un ajustement de prix, un plafond ou un minimum suit la TVA des lignes auxquelles il "
    "s’applique ; si celles-ci relèvent de plusieurs taux, il est calculé et arrondi une seule fois, puis "
    "réparti entre les taux en proportion des montants des lignes, le reste d’arrondi allant à la plus "
    "grande",
    "title assessment": "Évaluation",
    "rule assessment": "Chaque clause est évaluée pour chaque période de facturation, sur ceux de ses "
    "jours où la clause est en vigueur, et toute grandeur qu’elle lit est mesurée sur ces jours, sauf "
    "clause contraire",
    "title cuts": "Changements en cours de période",
    "rule cuts": "Si une phase, un prix daté ou un avenant change au cours d’une période de facturation, "
    "chaque partie de la période est facturée selon les termes en vigueur pendant ses jours, et une quantité "
    "prend le prix de la partie où elle tombe. Un ajustement, une pénalité, un minimum ou un plafond n’est "
    "divisé que s’il change lui-même, ou si sa phase change. Partout où un prix daté n’est pas le prix d’une "
    "quantité, il est celui du dernier jour évalué. Une facture ne dépend de rien de ce qui suit sa période",
    "title proration": "Forfaits et prorata",
    "rule proration": "Un forfait, un abonnement ou un minimum fixe qui n’est en vigueur que pendant une "
    "partie de sa période est dû au prorata des jours civils, sauf clause contraire. Les autres sommes ne "
    "sont jamais réduites au prorata : on paie ce qui a été consommé. Ce qui est facturé d’avance figure sur "
    "la facture de la période qui contient le premier de ses jours en vigueur, au prix de ce jour ; tout "
    "autre forfait figure sur celle qui contient le dernier. Les jours retirés par la suite, et un prix qui "
    "change, se règlent par jours sur la facture de la période où ils tombent",
    "title bounds": "Plafonds et planchers",
    "rule bounds": "Une borne en argent, ou en pourcentage d’une autre ligne, est arrondie du côté qui la "
    "respecte, et vaut pour tout ce à quoi la clause s’élève dans la période ou le temps qu’elle vise. Une "
    "pénalité est bornée avant d’être déduite, et celle qui serait inférieure à zéro vaut zéro. Les plafonds "
    "se calculent après les lignes qu’ils bornent, dans l’ordre où ils sont écrits, et les minimums après "
    "les plafonds ; une clause lit les lignes qu’elle nomme, et aucune autre",
    "title missing": "Grandeurs manquantes",
    "rule missing": "Une grandeur qui devait être communiquée et ne l’a pas été n’est jamais prise pour "
    "zéro : aucune facture n’est établie avant qu’elle le soit, sauf si sa clause dit ce qu’elle vaut "
    "alors",
    "title undefined": "Absence de donnée",
    "rule undefined": "Un quotient dont le diviseur est nul, une moyenne de rien ou un échantillon trop "
    "petit est sans donnée. La clause qui dit ce qui est dû en l’absence de donnée s’applique alors ; "
    "toute autre clause qui a besoin de cette grandeur ne peut être évaluée, et aucune facture n’est "
    "établie. Une condition qui ne peut être tranchée faute de donnée n’est pas remplie, là où une phase ne "
    "fait place à une autre que si elle l’est, là où une majoration, une déduction ou une clause entière ne "
    "s’applique que si elle l’est, et là où elle est demandée à chacune de plusieurs périodes. Une moyenne, "
    "une somme ou un extrême de plusieurs valeurs laisse de côté celles qui sont sans donnée",
    "title spans": "Grandeurs de plusieurs périodes",
    "rule spans": "Une grandeur mesurée sur plusieurs périodes est mesurée à nouveau sur leur ensemble : un "
    "quotient est alors celui des sommes. Ce n’est une moyenne des valeurs de chaque période que si une "
    "clause parle de la moyenne des valeurs. Les mois, semaines, trimestres ou années qui se terminent avec "
    "la période évaluée sont celui ou celle où cette période se termine, jusqu’à son dernier jour, et ceux "
    "qui précèdent ; ceux qui précèdent la période évaluée viennent avant celui où elle commence. Ce sont "
    "ceux du calendrier ou, si la facturation va de mois en mois à partir d’un autre jour, ces mois-là. Les "
    "jours hors de la durée du contrat sont laissés de côté",
    "title edges": "Bornes",
    "rule edges": "« À partir de », « jusqu’à », « inclus », « au moins » et « au plus » comprennent la "
    "valeur qu’ils nomment ; « plus de », « au-delà de », « moins de », « dépasse » et « en dessous de » "
    "l’excluent. Une plage d’heures comprend l’instant où elle commence, et non celui où elle finit",
    "title points": "Points",
    "rule points": "Un point est l’écart entre deux pourcentages : 90 % est supérieur de 2 points à 88 %",
    "title months": "Mois et jours",
    "rule months": "Les mois et les années du contrat se comptent à partir de leur jour de départ ; si un "
    "mois n’a pas ce jour, son dernier jour en tient lieu. Les heures sont des heures écoulées. Les "
    "semaines civiles commencent le lundi",
    "title signs": "Déductions",
    "rule signs": "Un montant négatif est déduit. Si le total d’une facture est négatif, le document est "
    "un avoir en faveur du Client",
    "title notes": "Notes et exemples",
    "rule notes": "Les notes expliquent la clause qui les précède et ne font pas partie des termes. Les "
    "exemples chiffrés montrent comment les clauses s’appliquent à des grandeurs supposées ; les clauses "
    "l’emportent",
    "figure whether": "{name} vaut oui si {condition}, et non dans le cas contraire",
    "title units": "Unités",
    "minimum one": "Si {lines} n’atteint pas {value}, le Client doit la différence",
    "units": "Les unités de ces termes sont les suivantes",
    "revised year": "à chaque anniversaire du premier jour du contrat",
    "revised quarter": "tous les trois mois, comptés à partir du premier jour du contrat,",
    "revised month": "tous les mois, comptés à partir du premier jour du contrat,",
}
