"""The English of the clauses of contracts in sentences, by key; rules_fr.py has the same keys."""

WORDS: dict[str, str] = {
    # ---- the document
    "annex": "Commercial annex",
    "heading": "Article {number}. {title}",
    "note": "Note: {note}",
    "signed": "This text says the terms whose fingerprint is {fingerprint}. Each invoice prints the "
    "fingerprint of the terms that it applies.",
    "article parties": "Parties, term and invoices",
    "article definitions": "Definitions",
    "article figures": "Figures measured",
    "article prices": "Prices",
    "article phase": "Phase {phase}",
    "article whole term": "Due throughout the term, whatever the phase",
    "article due": "What is due",
    "article rules": "General rules",
    "article guarantees": "Guarantees",
    "article amendment": "Amendment {label}",
    "article examples": "Worked examples",
    # ---- header
    "title parties": "Parties",
    "title term": "Term",
    "title invoices": "Invoicing periods",
    "title currency": "Currency and time zone",
    "title vat": "VAT",
    "title payment": "Payment",
    "title rounding": "Rounding of amounts",
    "title edition": "Edition",
    "provider is": "The Provider is {party}",
    "client is": "The Client is {party}",
    "term": "The contract runs from {first} to {last}, both days included",
    "invoiced weekly": "Invoices are drawn up for each week, from Monday to Sunday",
    "invoiced monthly": "Invoices are drawn up for each calendar month",
    "invoiced quarterly": "Invoices are drawn up for each calendar quarter",
    "invoiced yearly": "Invoices are drawn up for each calendar year",
    "invoiced from day": "Invoices are drawn up for each month, which runs from day {first} of a calendar "
    "month to day {last} of the next",
    "currency": "All amounts are in {currency} and exclude VAT",
    "timezone": "Days and times of day are those of {zone}, changes of the clock included",
    "vat": "Except where a clause says otherwise, VAT is due at {percent}",
    "vat dated": "Except where a clause says otherwise, VAT is due at the following rates, each line "
    "taking the rate in force on its last day",
    "payment": "Invoices are payable within {length} from their date of issue",
    "payment end of month": "Invoices are payable within {length} from their date of issue, then at the "
    "end of that month",
    "rounding": "The amount of each line of an invoice is rounded once, {rounding}",
    "edition": "These terms are written in edition {edition} of the contract language",
    # ---- definitions
    "unit counted": "{name} is counted one by one",
    "unit multiple": "{name} is {value}",
    "unit plural": "; its plural is {plural}",
    "usage": "The table {name} holds one record for each {unit}, so that the records counted are a number "
    "in that unit",
    "usage on": "A record belongs to the period that holds its {column}",
    "usage key": "No two records have the same {columns}",
    "usage columns": "Each record holds:",
    "column": "{name}, {type}",
    "column optional": "{name}, {type}, which may be left empty",
    "column between": "{words}, between {least} and {most}",
    "type timestamp": "a date and a time",
    "type duration": "a duration",
    "type boolean": "yes or no",
    "type text": "a text",
    "type number": "a number",
    "type money": "an amount of money",
    "type date": "a date",
    "window": "The time window {name} is made of {value}",
    "window supplied": "The time window {name} is made of the dates and times that are supplied with the "
    "figures",
    "index": "{name} is the published index whose monthly values are kept in the file {path}",
    "figure supplied": "{name} is a figure supplied for each period, in {unit}",
    "figure supplied plain": "{name} is a figure supplied for each period",
    "figure supplied yes": "{name} is supplied for each period as yes or no",
    "figure by value": "{name} is read from the following table by {figure}",
    "figure": "{name} is {value}",
    "figure unit": ", expressed in {unit}",
    "in percent": "percent",
    "figure rounded": ", rounded {rounding}",
    "figure when": "It has a value only where {condition}; otherwise there is no data",
    "figure between": "Its value lies between {least} and {most}; any other value is an error to be "
    "corrected",
    "figure otherwise": "Where it is not supplied, it counts as {value}",
    "figure not added": "Its values for several periods are never added up",
    "figure prorated": "Where a period is cut, each part takes its share by the number of days",
    # ---- prices
    "rate is": "The price {name} is {value}",
    "rate dated": "The price {name} is",
    "rate by value": "The price {name} depends on {figure}",
    "amount is": "The amount {name} is {value}",
    "amount dated": "The amount {name} is",
    "amount by value": "The amount {name} depends on {figure}",
    "indexed": "It is revised {every} on the index {index}, always from the value above",
    "indexed coefficient": "The coefficient is {fixed} plus {rest} multiplied by S and divided by S0, "
    "where S0 is the index of {base}",
    "indexed lag": "S is the index {length} before the month of the revision",
    "indexed no lag": "S is the index of the month of the revision",
    "indexed rounded": "The coefficient is rounded {rounding}",
    "indexed within": "A change of no more than {percent} either way is left out, and a greater one "
    "counts in full",
    "indexed at most": "The revised value never exceeds the value above by more than {percent}",
    # ---- lines
    "charge amount": "The Client owes {value}",
    "charge by": "The Client owes, according to {figure}",
    "charge per": ", separately for each value of {column}",
    "charge price": "The Client pays for {quantity} at the price of {price}{per}",
    "charge price by": "The Client pays for {quantity}{per} at a price that depends on {figure}",
    "charge tiers": "The Client pays for {quantity}{per}, {pricing}",
    "fee per": "The Client owes a flat fee of {value} per {frequency}",
    "fee": "The Client owes a flat fee of {value}",
    "subscription per": "The Client owes a subscription of {value} per {frequency}",
    "subscription": "The Client owes a subscription of {value}",
    "fee once": ", once only, on the first day on which this clause is in force",
    "fee once on": ", once only, on {day}",
    "of base": " of {base}",
    "of sum": " of that basis",
    "of lines": " of that basis",
    "adjusted on": ", on the basis of {lines}",
    "adjusted by": "According to {figure}, the price is adjusted as follows{on}",
    "adjusted": "The price is adjusted{on}, by the following: {value}",
    "scorecard": "The price is adjusted{on}, by the sum of the parts below",
    "scorecard part": "Part {number}, according to {figure}",
    "part named": ", called {name}",
    "part weight": ", which weighs {weight}",
    "penalty": "The Provider owes a penalty, which is deducted, of {value}",
    "penalty by": "The Provider owes a penalty, which is deducted, according to {figure}",
    "penalty untaxed": "The penalty is outside VAT",
    "minimum": "Where {lines} together come to less than {value}, the Client owes what is missing",
    "limit": "This clause bounds {what}: what lies beyond a bound is taken back, or made up, on this line",
    "limit carried": ". What is taken back is carried forward to the next assessment and counts there "
    "before the bound, until the clause ends",
    "clawback": "Given back to the Client: {units}. Each unit is given back at the average price of {line} "
    "on the day {column}: the amount of that line, within its bounds and before it is rounded, divided by "
    "its quantity, in the part of the period that holds the day. A unit of a day for which that line has no "
    "quantity is not given back. The adjustments and the minimums of the earlier invoice stay as they were",
    "clawback per": "Each unit is given back on the line of its own value of {column}",
    "line when": "This clause applies only where {condition}",
    "bound between": "The amount is never less than {least} and never more than {most}",
    "bound limit between": "The amount so bounded is never less than {least} and never more than {most}",
    "bound at most": "The amount never exceeds {value}",
    "bound at most over": "The total of the amounts {span} never exceeds {value}",
    "bound at least": "The amount is never less than {value}",
    "bound at least over": "The total of the amounts {span} is never less than {value}",
    "bound limit at most": "The amount so bounded never exceeds {value}",
    "bound limit at most over": "The total of the amounts so bounded {span} never exceeds {value}",
    "bound limit at least": "The amount so bounded is never less than {value}",
    "bound limit at least over": "The total of the amounts so bounded {span} is never less than {value}",
    "bonus at most": "The increase never exceeds {value}",
    "malus at most": "The deduction never exceeds {value}",
    "bonus when": "An increase is due only where {condition}",
    "malus when": "A deduction is made only where {condition}",
    "bonus when parts": "A part counts as an increase only where {condition}, and as nothing otherwise",
    "malus when parts": "A part counts as a deduction only where {condition}, and as nothing otherwise",
    "bonus at most parts": "The sum of the parts, where it is an increase, never exceeds {value}",
    "malus at most parts": "The sum of the parts, where it is a deduction, never exceeds {value}",
    "line from until": "This clause is in force from {first} to {last}, both days included",
    "line from": "This clause is in force from {first}",
    "line until": "This clause is in force up to {last}, that day included",
    "line every": "It is assessed once for each {every}, at its end and over the whole of it",
    "line in advance": "It is invoiced in advance",
    "line in arrears": "It is invoiced in arrears",
    "line not prorated": "It is due in full, even for part of its period",
    "line per tier": "Each tier is a line of its own on the invoice, and is rounded by itself",
    "line taxed": "VAT is due at {percent}",
    "line exempt": "It is exempt from VAT: {reason}",
    "line untaxed": "It is outside VAT: {reason}",
    # ---- phases and amendments
    "title entry": "Entry into force",
    "title transition": "Passage to {phase}",
    "title effective": "Effect",
    "phase first": "The phase {phase} is in force from the first day of the term",
    "phase later": "The phase {phase} is in force from the day on which it is entered",
    "phase again by": "It is entered again under clause {clauses}",
    "phase again by several": "It is entered again under clause {clauses}, whichever applies first",
    "phase entered by": "It is entered under clause {clauses}",
    "phase entered by several": "It is entered under clause {clauses}, whichever applies first",
    "phase never entered": "No clause leads to it",
    "phase lines": "The clauses of this article hold only on the days of this phase",
    "phase lines added": "The clauses that are added to it hold only on the days of this phase",
    "phase lines but": "The clauses of this article hold only on the days of this phase, except that of "
    "clause {clauses}, which goes on after it",
    "phase several ways": "Where several passages to other phases apply on one day, the one written first "
    "prevails",
    "transition after": "After {length} in this phase, it gives way to {phase}",
    "transition on": "On {day}, this phase gives way to {phase}",
    "transition when": "This phase gives way to {phase}, at the start of the next invoicing period, where "
    "{condition}",
    "transition for": "in each whole invoicing period of the last {length}, all spent in this phase, "
    "{condition}",
    "transition at end": "at the end of a whole invoicing period spent in this phase, {condition}",
    "transition bare": "This phase gives way to {phase}",
    "transition not before": "This never happens sooner than {length} after this phase was entered",
    "amendment effective": "This amendment takes effect on {day}. What was due before that day keeps its "
    "earlier terms, and what it does not name is unchanged",
    "amendment removes": "{name} ends",
    "amendment replaces": "Clause {clause} is replaced by the following",
    "amendment adds": "The following is added",
    "amendment adds to phase": "The following is added to the phase {phase}",
    # ---- guarantees and examples
    "invariant": "In every invoicing period, whatever is measured, {condition}",
    "example given": "Supposing",
    "example expect": "it follows that",
    "example row": "{period}, {facts}",
    "example any period": "throughout",
    "example figure": "{name} is {value}",
    "example no data": "{name} has no data",
    "example line": "{name} comes to {value}",
    "example phase": "the phase in force on the last day is {phase}",
    # ---- general rules
    "title exact": "Exactness",
    "rule exact": "Figures and amounts are computed exactly, and nothing is rounded except where these "
    "terms say so. What is computed from other lines (adjustments, limits, minimums, totals, VAT) is "
    "computed from their rounded amounts, so that anybody can recompute an invoice from what it prints",
    "title tax": "Computation of VAT",
    "rule tax": "VAT is computed for each rate on the sum of the lines at that rate, and rounded once. A "
    "price adjustment, a limit or a minimum bears the VAT of the lines to which it applies; where these bear "
    "several rates, it is computed and rounded once, then shared among the rates in proportion to the "
    "amounts of the lines, the odd cent going to the largest",
    "title assessment": "Assessment",
    "rule assessment": "Each clause is assessed for each invoicing period over those of its days on which "
    "the clause is in force, and every figure that it reads is measured over those days, unless the "
    "clause says otherwise",
    "title cuts": "Changes within a period",
    "rule cuts": "Where a phase, a dated price or an amendment changes within an invoicing period, each "
    "part of the period is charged under the terms in force on its days, and a quantity takes the price of "
    "the part in which it falls. An adjustment, a penalty, a minimum or a limit is divided only where it "
    "changes itself, or its phase does. Wherever a dated price is not the price of a quantity, it is that of "
    "the last day assessed. An invoice depends on nothing that happens after its period",
    "title proration": "Fees and proration",
    "rule proration": "A flat fee, a subscription or a fixed minimum that is in force for part of its "
    "period only is due in proportion to the calendar days, unless its clause says otherwise. Other "
    "charges are never prorated: what was used is what is paid. What is invoiced in advance stands on the "
    "invoice of the period that holds the first of its days in force, at the price of that day; any other "
    "fee stands on that which holds the last. Days that are taken away later, and a price that changes, are "
    "settled by days on the invoice of the period in which they fall",
    "title bounds": "Bounds",
    "rule bounds": "A bound in money, or in a percent of another line, is rounded to the side that keeps it, "
    "and holds for all that the clause comes to in the period or the time that it is for. A penalty is "
    "bounded before it is deducted, and one that would come to less than zero is zero. Limits are computed "
    "after the lines that they bound, in the order in which they are written, and minimums after the limits; "
    "a clause reads the lines that it names, and no others",
    "title missing": "Missing figures",
    "rule missing": "A figure that was to be supplied and was not is never taken as zero: no invoice is "
    "drawn up until it is supplied, except where its clause says what it then counts as",
    "title undefined": "Absence of data",
    "rule undefined": "A ratio whose divisor is zero, an average of nothing or a sample that is too small "
    "has no data. A clause that says what is due where there is no data is then applied; any other clause "
    "that needs the figure cannot be assessed, and no invoice is drawn up. A condition that cannot be "
    "decided for want of data does not hold, where a phase gives way only if it holds, where an increase, a "
    "deduction or a whole clause applies only if it holds, or where it is asked of each of several periods. "
    "An average, a sum or an extreme of several values leaves out those that have no data",
    "title spans": "Figures of several periods",
    "rule spans": "A figure measured over several periods is measured anew over all of them together: a "
    "ratio is then that of the sums. It is an average of the values of each period only where a clause "
    "speaks of the average of the values. The months, weeks, quarters or years that end with the period "
    "assessed are the one in which this period ends, up to its last day, and those before it; those before "
    "the period assessed come before the one in which it begins. They are those of the calendar or, where "
    "months are invoiced from another day, these months. Days outside the term are left out",
    "title edges": "Edges",
    "rule edges": "“From”, “up to”, “at least” and “at most” include the value that they name; “above”, "
    "“beyond”, “more than”, “below” and “less than” exclude it. A span of hours holds the instant at which "
    "it begins, and not the one at which it ends",
    "title points": "Points",
    "rule points": "A point is the difference between two percentages: 90% is 2 points more than 88%",
    "title months": "Months and days",
    "rule months": "Contract months and contract years are counted from their starting day; where a month "
    "lacks that day, its last day is taken. Hours are elapsed hours. Calendar weeks begin on Monday",
    "title signs": "Deductions",
    "rule signs": "A negative amount is deducted. Where the total of an invoice is negative, the document "
    "is a credit note in favour of the Client",
    "title notes": "Notes and examples",
    "rule notes": "Notes explain the clause above them and are no part of the terms. Worked examples show "
    "how the clauses are applied to supposed figures; the clauses prevail",
    "figure whether": "{name} is yes where {condition}, and no otherwise",
    "title units": "Units",
    "minimum one": "Where {lines} comes to less than {value}, the Client owes what is missing",
    "units": "The units of these terms are",
    "revised year": "at each anniversary of the first day of the term",
    "revised quarter": "every three months, counted from the first day of the term,",
    "revised month": "every month, counted from the first day of the term,",
}
