"""The French words of a profile; the keys are those of `words_en`."""

WORDS = {
    "quoted": "«\u00a0{text}\u00a0»",
    "and": "et",
    "or": "ou",
    "more": " et {count} de plus",
    "span": "{first} au {last}",
    "colon": "\u00a0: ",
    "no value": "sans valeur",
    "weekday 0": "lundis",
    "weekday 1": "mardis",
    "weekday 2": "mercredis",
    "weekday 3": "jeudis",
    "weekday 4": "vendredis",
    "weekday 5": "samedis",
    "weekday 6": "dimanches",
    "row one": "{count} ligne",
    "row many": "{count} lignes",
    "day one": "{count} jour",
    "day many": "{count} jours",
    "cell one": "{count} cellule",
    "cell many": "{count} cellules",
    "table one": "{count} table",
    "table many": "{count} tables",
    "figure one": "{count} chiffre",
    "figure many": "{count} chiffres",
    "period one": "{count} période",
    "period many": "{count} périodes",
    "finding one": "{count} constat",
    "finding many": "{count} constats",
    "row of file": "{file} ligne {row}",
    "place one": "ligne {rows}",
    "place many": "lignes {rows}",
    "error": "erreur",
    "warning": "avertissement",
    "help": "aide",
    "absent": (
        "les données ne fournissent aucune ligne pour «\u00a0{table}\u00a0», d’où "
        "«\u00a0{reader}\u00a0» est compté"
    ),
    "absent help": "nommez ses fichiers sous `rows:`, par exemple {table}: {table}.csv",
    "no rows": "«\u00a0{table}\u00a0» n’a aucune ligne pendant la durée du contrat",
    "no rows help": "nommez les fichiers de la durée du contrat",
    "no rows from": "«\u00a0{table}\u00a0» n’a aucune ligne du {span}",
    "no rows from help": "nommez les fichiers de ces jours",
    "gaps": "«\u00a0{table}\u00a0» n’a aucune ligne pour {days} du {span}\u00a0: {gaps}{beside}",
    "gaps beside": ", sans compter les {days}, qui n’en ont jamais",
    "gaps help": "demandez s’il ne s’est rien passé ces jours-là, ou si leurs lignes n’ont pas été livrées",
    "repeated key one": (
        "{rows} de «\u00a0{table}\u00a0» répète la valeur de {key} d’une autre ligne\u00a0: {examples}"
    ),
    "repeated key many": (
        "{rows} de «\u00a0{table}\u00a0» répètent la valeur de {key} d’une autre ligne\u00a0: {examples}"
    ),
    "repeated key help": "retirez les répétitions, ou nommez après `key` ce qui distingue encore ces lignes",
    "repeated one": "{rows} de «\u00a0{table}\u00a0» répète une autre ligne, cellule pour cellule{examples}",
    "repeated many": (
        "{rows} de «\u00a0{table}\u00a0» répètent une autre ligne, cellule pour cellule{examples}"
    ),
    "repeated help": (
        "retirez les répétitions\u00a0; si elles sont justes, il n’y a rien à "
        "faire, ou dites avec `key` ce qui "
        "distingue les lignes"
    ),
    "keyless one": "{rows} de «\u00a0{table}\u00a0» n’a pas de {key}, et rien ne dit si elle vient deux fois",
    "keyless many": (
        "{rows} de «\u00a0{table}\u00a0» n’ont pas de {key}, et rien ne dit si elles viennent deux fois"
    ),
    "keyless help": "remplissez les cellules, ou nommez une autre clé",
    "from to": "{first} à {last}",
    "since": "depuis {first}",
    "reversed one": "{rows} de «\u00a0{table}\u00a0» finit avant de commencer\u00a0: {examples}",
    "reversed many": "{rows} de «\u00a0{table}\u00a0» finissent avant de commencer\u00a0: {examples}",
    "reversed help": (
        "corrigez {start} ou {end}\u00a0; un chiffre qui les additionne ne peut pas être calculé"
    ),
    "open one": (
        "{rows} de «\u00a0{table}\u00a0» a une valeur de {start} et aucune de {end}\u00a0: {examples}"
    ),
    "open many": (
        "{rows} de «\u00a0{table}\u00a0» ont une valeur de {start} et aucune de {end}\u00a0: {examples}"
    ),
    "open help": "remplissez la cellule, ou laissez ces lignes de côté jusqu’à leur fin",
    "overlapping one": (
        "{rows} de «\u00a0{table}\u00a0» commence avant la fin d’une autre de même {by}\u00a0: {examples}"
    ),
    "overlapping many": (
        "{rows} de «\u00a0{table}\u00a0» commencent avant la fin d’une autre de même {by}\u00a0: {examples}"
    ),
    "overlapping help": "le temps commun à deux lignes compte deux fois\u00a0; corrigez celle qui est fausse",
    "range one": "{cells} de «\u00a0{table}.{column}\u00a0» n’est pas entre {range}\u00a0: {examples}",
    "range many": "{cells} de «\u00a0{table}.{column}\u00a0» ne sont pas entre {range}\u00a0: {examples}",
    "range help": "corrigez les cellules, ou les bornes dans le contrat",
    "range and": " et ",
    "unpriced one": (
        "{rows} de «\u00a0{table}\u00a0» a pour {column} une valeur sans prix dans {rate}\u00a0: {values}"
    ),
    "unpriced many": (
        "{rows} de «\u00a0{table}\u00a0» ont pour {column} des valeurs sans prix dans {rate}\u00a0: {values}"
    ),
    "unpriced rate": "le tarif «\u00a0{rate}\u00a0»",
    "unpriced price": "le contrat",
    "unpriced help": "ajoutez un prix pour chacune, ou `otherwise`, ou corrigez les lignes",
    "month": "«\u00a0{table}\u00a0» avait {before} en {month}, mois déjà facturé, et a maintenant {rows}",
    "month help": "facturez la différence, ou demandez qui a changé les lignes",
    "source gone": "«\u00a0{file}\u00a0» a été lu pour la facture du {invoiced}, et ne l’est plus",
    "source rows": (
        "«\u00a0{file}\u00a0» avait {before} pour la facture du {invoiced}, et a maintenant {rows}"
    ),
    "source other": (
        "«\u00a0{file}\u00a0» a autant de lignes que pour la facture du {invoiced}, "
        "mais n’est plus le même fichier"
    ),
    "source help": (
        "recalculez la facture et faites un avoir de la différence, ou demandez qui a changé les lignes"
    ),
    "no figure": "«\u00a0{figure}\u00a0» n’a pas de chiffre pour {periods}",
    "no figure help": "fournissez-le, ou écrivez `no data` là où rien n’a été mesuré",
    "title": "{contract}\u00a0: {usage}, {days}",
    "whole term": "toute la durée du contrat, {days}",
    "of these days": "{rows} pour ces jours",
    "none given": "aucune ligne n’est fournie pour {tables}",
    "supplied figures": "chiffres fournis",
    "without": ", {count} sans",
    "with it": "{count} avec",
    "changed since": "changé depuis",
    "invoiced": ", facturé",
    "from": " du {first} au {last}",
    "outside": ", {count} hors de la durée du contrat",
    "undated": ", {count} encore sans jour",
    "never on": "jamais les {days}",
    "hours all": "toutes de {first} à {last}",
    "hours": "de {first} à {last}, surtout de {busiest} à {until} ({rows})",
    "column": "colonne",
    "type": "type",
    "empty": "vides",
    "least": "minimum",
    "greatest": "maximum",
    "key": "clé {key}",
    "no key": "pas de clé, lignes entières comparées",
    "again": "{rows} en double",
    "none again": "aucune ligne en double",
    "without key": ", {count} sans clé",
    "interval": "{start} à {end}",
    "interval by": " par {by}",
    "interval ends": "{reversed} à rebours, {open} sans fin",
    "interval unknown": "\u00a0; chevauchements non recherchés, aucune clé ne disant de qui ils seraient",
    "interval overlapping": ", {count} en chevauchement",
    "group none": "aucune ligne",
    "profiled": "examen de {tables}\u00a0: {findings}",
    "nothing found": "rien à signaler",
    "What to look at": "À regarder",
    "Tables without rows": "Tables sans lignes",
    "Rows by day": "Lignes par jour",
    "Rows by month": "Lignes par mois",
    "Hours of the day": "Heures de la journée",
    "chart day": "{table}\u00a0: lignes par jour",
    "chart month": "{table}\u00a0: lignes par mois",
    "chart hour": "{table}\u00a0: lignes par heure de la journée",
    "bar": "{told}\u00a0: {rows}",
    "bar none": "{told}\u00a0: aucune ligne",
    "at most": "{rows} au plus",
    "Supplied figures": "Chiffres fournis",
    "Figure": "Chiffre",
    "Periods": "Périodes",
    "Changed since": "Changé depuis",
    "Month": "Mois",
    "Rows": "Lignes",
    "Column": "Colonne",
    "Type": "Type",
    "Empty": "Vides",
    "Least": "Minimum",
    "Greatest": "Maximum",
}
