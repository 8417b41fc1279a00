"""Finance: cash, present value, tax, the loan view, and the tree that every cost hangs on once."""

from __future__ import annotations

from models.chapters.money.costs import COSTS
from models.engine import ops
from models.engine.line import line, stacked


@line("Resale", "money", by="year")
def disposals_in_year(early_disposals, final_disposal_in_year):
    """Resale at the start of the year; the last year also takes what is left at the end."""
    return early_disposals + final_disposal_in_year


@line("Cash cost", "money", by="year")
def cash_cost(capex, operating, disposals_in_year):
    """Capex + operating - resale."""
    return capex + operating - disposals_in_year


@line("Total cost, undiscounted", "money")
def lifetime_cost(cash_cost):
    """The plain sum of the years, nothing discounted, before tax."""
    return ops.total(cash_cost)


@line("Present value of capex", "money")
def pv_capex(capex, start_factor):
    """Purchases when a year begins."""
    return ops.present_value(capex, start_factor)


@line("Present value of operating cost", "money")
def pv_operating(operating, flow_factor):
    """Running costs at their date."""
    return ops.present_value(operating, flow_factor)


@line("Present value of resale", "money")
def pv_disposals(early_disposals, start_factor, final_disposal, end_factor):
    """Mid-life resale when a year begins, the rest when the horizon ends."""
    return ops.present_value(early_disposals, start_factor) + final_disposal * end_factor


@line("Present value of cost", "money")
def pv_cost(pv_capex, pv_operating, pv_disposals):
    """Each payment at its own date, before tax."""
    return pv_capex + pv_operating - pv_disposals


@line("Annuity factor", "1")
def annuity_factor(year_end_factor):
    """What 1 at every year's end is worth at the start."""
    return ops.total(year_end_factor)


@line("Equivalent annual cost", "money")
def equivalent_annual_cost(pv_cost, annuity_factor):
    """The level yearly payment of the same present value: present value x r/(1-(1+r)^-N)."""
    return pv_cost / annuity_factor


@line("Running flow after tax", "money", by="year")
def taxed_running(operating, study_tax_rate, depreciation, grant):
    """Operating cost and depreciation are deducted; a grant is income of its year."""
    return operating * (1 - study_tax_rate) - study_tax_rate * (depreciation + grant)


@line("Present value of taxable gains", "money")
def pv_taxable_gain(early_taxable_gain, start_factor, final_taxable_gain, end_factor):
    """Gains on resale when they arise; losses count against."""
    return ops.present_value(early_taxable_gain, start_factor) + final_taxable_gain * end_factor


@line("Present value of the running flow after tax", "money")
def pv_taxed_running(taxed_running, flow_factor):
    """At the date of running payments."""
    return ops.present_value(taxed_running, flow_factor)


@line("Present value of cost after tax", "money")
def pv_after_tax_cost(pv_capex, pv_taxed_running, pv_disposals, study_tax_rate, pv_taxable_gain):
    """Capex + running flow after tax - (resale - tax on gains)."""
    return pv_capex + pv_taxed_running - pv_disposals + study_tax_rate * pv_taxable_gain


@line("Cash cost of the infrastructure", "money", by="year")
def infrastructure_cash(capex, infrastructure_operating, disposals_in_year):
    """What making the tokens costs, without guardrails, retrieval and escalation."""
    return capex + infrastructure_operating - disposals_in_year


@line("Infrastructure cost", "money")
def infrastructure_cost(infrastructure_cash):
    """Total cost, undiscounted, without guardrails, retrieval and escalation: what making the tokens costs."""
    return ops.total(infrastructure_cash)


cost_flows = stacked(
    *("cost_flows", "Cost by kind", "money"),
    by="cost year",
    meaning="Every cost in exactly one row; resale is negative and has its own.",
    rows={cost.name: cost.flow for cost in COSTS.values()},
)


@line("Cost by kind, life", "money", by="cost")
def cost_tree(cost_flows):
    """Adds up to the total cost, undiscounted."""
    return ops.total(cost_flows)


@line("Resale at the end, in the last year's column", "money", by="year")
def final_disposal_in_year(final_disposal, year, study_horizon_years):
    """What is left at the end of the horizon."""
    return final_disposal * (year == study_horizon_years)


discounted_flows = stacked(
    *("discounted_flows", "Cost by kind, discounted", "money"),
    by="cost year",
    meaning="Purchases and mid-life resale dated at the start of a year, the last resale at the horizon's end.",
    rows={cost.name: cost.discounted for cost in COSTS.values()},
)


@line("Present value of cost by kind", "money", by="cost")
def pv_cost_tree(discounted_flows):
    """Adds up to the present value of cost."""
    return ops.total(discounted_flows)


@line("Unserved requests have a price", "1")
def interim_priced(study_interim_price, has_interim_option):
    """1 where unserved requests have a fallback price: a typed one, or that of an API option."""
    return ops.maximum(ops.given(study_interim_price), has_interim_option)


@line("Fallback price of a request", "money/request", by="workload year", adds="none")
def interim_unit_price(has_interim_option, interim_offer, study_interim_price, inflation_index):
    """At the API option named, or as typed and rising with inflation."""
    return ops.where(has_interim_option, interim_offer, ops.default(study_interim_price, 0) * inflation_index)


@line("Fallback cost", "money", by="year", known="interim_priced")
def interim_cost(unmet, interim_unit_price):
    """Unserved requests at their fallback price; for comparisons only, never part of the total cost."""
    return ops.across(unmet * interim_unit_price)


@line("Share accepted of what goes elsewhere", "response/request", by="workload")
def unmet_accepted(has_interim_option, interim_accepted, mix_accepted_share):
    """At the API option named, else as the workload itself says."""
    return ops.where(has_interim_option, interim_accepted, mix_accepted_share)


@line("Responses of unserved requests", "response", by="year")
def unmet_responses(unmet, unmet_accepted, interim_priced):
    """Accepted elsewhere; 0 where unserved requests have no price."""
    return ops.across(unmet * unmet_accepted) * interim_priced


@line("Present value of fallback cost", "money", known="interim_priced")
def pv_interim_cost(interim_cost, flow_factor):
    """At the date of running payments."""
    return ops.present_value(interim_cost, flow_factor)


@line("Present value of cost, incl. fallback", "money")
def comparison_pv_cost(pv_cost, pv_interim_cost):
    """Present value of cost + unserved requests at the fallback price, where one is set."""
    return pv_cost + pv_interim_cost


@line("Financed by a loan", "1")
def is_loan(is_owned, loan_term_years):
    """1 for a purchase with the terms of a loan."""
    return is_owned * ops.given(loan_term_years)


@line("Loan drawn", "money", known="is_loan")
def loan_draw(is_loan, loan_debt_share, capex):
    """Loan-to-cost ratio of year 1's purchases, at its start; nothing where grants exceed it."""
    return is_loan * loan_debt_share * ops.maximum(0, ops.first(capex))


@line("Payments a year", "1")
def loan_payments(loan_payments_per_year):
    """1 at the ends of years, or 12 at the ends of months."""
    return loan_payments_per_year


@line("Payments in all", "1")
def loan_periods(loan_term_years, loan_payments):
    """Over the term; 1 year stands in where there is no loan."""
    return ops.default(loan_term_years, 1) * loan_payments


@line("Interest of a payment's period", "1")
def loan_period_rate(loan_rate, loan_payments):
    """The yearly rate over the payments a year."""
    return loan_rate / loan_payments


@line("Level payment", "money", known="is_loan")
def loan_level_payment(loan_period_rate, loan_periods, loan_draw):
    """The equal payment at the ends of periods that repays the loan over its term."""
    return ops.level_payment(loan_period_rate, loan_periods, loan_draw)


@line("Term of the loan", "yr")
def loan_years(loan_term_years):
    """As given; 1 stands in where there is no loan."""
    return ops.default(loan_term_years, 1)


@line("Last payment", "yr", known="is_loan")
def loan_end(loan_years, study_horizon_years):
    """The term's last year, or the horizon's, when what is owed is repaid."""
    return ops.minimum(loan_years, study_horizon_years)


@line("Owed at the start", "money", by="year", adds="none", known="is_loan")
def loan_opening(loan_draw, year, loan_closing):
    """Drawn in year 1, then last year's closing."""
    return loan_draw * (year == 1) + ops.previous(loan_closing)


@line("Growth of a debt in a year", "1")
def loan_growth(loan_period_rate, loan_payments):
    """(1 + r)^m with m payments a year."""
    return (1 + loan_period_rate) ** loan_payments


@line("A year's payments with their interest, per unit", "1")
def loan_payment_growth(loan_period_rate, loan_growth, loan_payments):
    """What payments of 1 have grown to at the year's end: ((1 + r)^m - 1)/r."""
    return ops.where(loan_period_rate == 0, loan_payments, (loan_growth - 1) / loan_period_rate)


@line("Interest", "money", by="year", known="is_loan")
def loan_interest(loan_opening, loan_growth, loan_level_payment, loan_payment_growth, loan_payments, year, loan_end):
    """On what was owed at the start, less what the payments of the year save of it."""
    return (loan_opening * (loan_growth - 1) - loan_level_payment * (loan_payment_growth - loan_payments)) * (
        year <= loan_end
    )


@line("Principal", "money", by="year", known="is_loan")
def loan_principal(loan_level_payment, loan_payments, loan_interest, year, loan_end, loan_opening):
    """What the level payments repay beyond interest; in the last year all that is owed."""
    return (loan_level_payment * loan_payments - loan_interest) * (year < loan_end) + loan_opening * (year == loan_end)


@line("Payment", "money", by="year", known="is_loan")
def loan_payment(loan_interest, loan_principal):
    """Interest and principal."""
    return loan_interest + loan_principal


@line("Owed at the end", "money", by="year", adds="none", known="is_loan")
def loan_closing(loan_opening, loan_principal):
    """Closes at 0."""
    return loan_opening - loan_principal
