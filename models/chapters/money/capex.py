"""Capex: what is bought when and at what price, what it is sold for, and what is depreciated, by asset class."""

from __future__ import annotations

from models.engine import ops
from models.engine.line import line


@line("Equipment asset", "1", by="asset")
def is_equipment(asset_number):
    """The first asset class is always the equipment: the systems themselves."""
    return asset_number == 1


@line("Facility asset", "1", by="asset")
def is_facility(asset_name):
    """The class named facility."""
    return ops.text_is(asset_name, "facility")


@line("Grant", "1", by="asset")
def is_grant(asset_name):
    """Money received at the start: the class named grant, not depreciated and not sold."""
    return ops.text_is(asset_name, "grant")


@line("Other asset", "1", by="asset")
def is_other_asset(is_equipment, is_facility, is_grant):
    """Every other class."""
    return 1 - is_equipment - is_facility - is_grant


@line("Bought by this option", "1", by="asset")
def asset_is_bought(is_equipment, is_owned):
    """Equipment only with purchase or loan (else it is a reference price); other assets always."""
    return 1 - is_equipment * (1 - is_owned)


@line("Life", "yr", by="asset")
def asset_years(asset_life, equipment_life_years):
    """Each asset's own life; the equipment's is given once, for the option."""
    return ops.default(asset_life, equipment_life_years)


@line("Units in one system, list prices only", "money/system/@capex", by="capex_driver")
def list_driver(option_accelerators_per_system):
    """The per-system and per-accelerator items that a percentage refers to."""
    return ops.stack(per_system=1, per_accelerator=option_accelerators_per_system, per_kw=0, pct_equipment=0, fixed=0)


@line("Basis number of the purchase", "1", by="capex")
def capex_basis_number(capex_basis, list_driver):
    """Which row of the drivers the item's amount is multiplied by."""
    return ops.position(capex_basis, list_driver)


@line("List price in one system", "money/system", by="capex")
def item_list_price(capex_amount, list_driver, capex_basis_number):
    """Items priced per system or per accelerator."""
    return capex_amount * ops.pick(list_driver, capex_basis_number)


@line("Item of the equipment", "1", by="capex")
def item_is_equipment(capex_asset_number):
    """Its asset is the equipment."""
    return capex_asset_number == 1


@line("Equipment list price of one system", "money/system")
def equipment_list_price(item_list_price, item_is_equipment):
    """What percentages of equipment refer to: per-system + per-accelerator equipment items."""
    return ops.across(item_list_price * item_is_equipment)


@line("Units in one system", "money/system/@capex", by="capex_driver")
def capex_driver(option_accelerators_per_system, load_kw, equipment_list_price):
    """What an item's amount is multiplied by for one system, by basis; fixed items are bought once."""
    return ops.stack(
        per_system=1,
        per_accelerator=option_accelerators_per_system,
        per_kw=load_kw,
        pct_equipment=equipment_list_price,
        fixed=0,
    )


@line("Price in one system", "money/system", by="capex")
def item_unit_price(capex_amount, capex_driver, capex_basis_number):
    """An item's price for one system, year 1."""
    return capex_amount * ops.pick(capex_driver, capex_basis_number)


@line("Bought once", "money/@capex", by="capex_driver")
def fixed_driver():
    """What an item's amount is multiplied by where it does not follow the fleet."""
    return ops.stack(per_system=0, per_accelerator=0, per_kw=0, pct_equipment=0, fixed=1)


@line("Price of an item bought once", "money", by="capex")
def item_fixed_price(capex_amount, fixed_driver, capex_basis_number):
    """The amount of fixed items."""
    return capex_amount * ops.pick(fixed_driver, capex_basis_number)


@line("Price per system", "money/system", by="asset")
def asset_unit_price(item_unit_price, capex_asset_number, asset_number):
    """All items of the class that follow the fleet."""
    return ops.collect(item_unit_price, capex_asset_number, asset_number)


@line("Price bought once", "money", by="asset")
def asset_fixed_price(item_fixed_price, capex_asset_number, asset_number):
    """All fixed items of the class, in money."""
    return ops.collect(item_fixed_price, capex_asset_number, asset_number)


@line("Price level", "1", by="asset year", adds="none")
def asset_price_index(asset_price_change, year):
    """The price of the same thing bought later, as a multiple of year 1's."""
    return ops.escalate(asset_price_change, year)


@line("Systems provided for", "system", by="asset year")
def units_bought(is_equipment, purchases, fleet_rise, units_bought, asset_years, in_service):
    """Equipment follows purchases; other classes each rise of the highest fleet, and again when their life is over."""
    return ops.where(is_equipment, purchases, fleet_rise + ops.lagged(units_bought, asset_years) * in_service)


@line("Fixed items bought", "1", by="asset year")
def fixed_bought(year, fixed_bought, asset_years, in_service):
    """Once in year 1, and again when their life is over while the option is in service."""
    return (year == 1) + ops.lagged(fixed_bought, asset_years) * in_service


@line("Fixed items bought, at prices of year 1", "money", by="asset year")
def fixed_spend(asset_fixed_price, fixed_bought):
    """Fixed price x times bought."""
    return asset_fixed_price * fixed_bought


@line("Spent on the asset", "money", by="asset year")
def asset_spend(asset_is_bought, asset_unit_price, units_bought, fixed_spend, asset_price_index, is_grant):
    """Units x price per system + fixed items, at the year's price level; a grant buys nothing."""
    return asset_is_bought * (1 - is_grant) * (asset_unit_price * units_bought + fixed_spend) * asset_price_index


@line("Grants received", "money", by="year")
def grant(grant_price, year):
    """Cash at the start, so negative; income of year 1 for tax."""
    return grant_price * (year == 1)


@line("Grants received, all", "money")
def grant_price(asset_fixed_price, is_grant):
    """The fixed items of the class."""
    return ops.across(asset_fixed_price * is_grant)


@line("Equipment bought", "money", by="year")
def equipment_capex(asset_spend, is_equipment):
    """The systems themselves."""
    return ops.across(asset_spend * is_equipment)


@line("Facility bought", "money", by="year")
def facility_capex(asset_spend, is_facility):
    """Building, power and cooling."""
    return ops.across(asset_spend * is_facility)


@line("Other assets bought", "money", by="year")
def other_capex(asset_spend, is_other_asset):
    """Every other class."""
    return ops.across(asset_spend * is_other_asset)


@line("Purchases", "money", by="year")
def purchased(equipment_capex, facility_capex, other_capex):
    """Everything bought at the start of the year."""
    return equipment_capex + facility_capex + other_capex


@line("Capex", "money", by="year")
def capex(purchased, grant):
    """Everything bought at the start of the year, less grants."""
    return purchased + grant


@line("Resale value at end of life", "1", by="asset")
def worth_at_life(asset_residual_share, asset_price_change, asset_years):
    """The residual share, but no more than a new one costs then."""
    return ops.minimum(asset_residual_share, (1 + asset_price_change) ** asset_years)


@line("Cost of retired assets", "money", by="asset year")
def retired_cost(asset_spend, asset_years):
    """What was spent a life ago."""
    return ops.lagged(asset_spend, asset_years)


@line("Resale of what is retired, by asset", "money", by="asset year")
def retired_proceeds(retired_cost, worth_at_life):
    """Its cost x its worth at the end of its life."""
    return retired_cost * worth_at_life


@line("Resale at the start of the year", "money", by="year")
def early_disposals(retired_proceeds):
    """What is sold when its life ends inside the horizon."""
    return ops.across(retired_proceeds)


@line("Age at the end of the horizon", "yr", by="year", adds="none")
def end_age(study_horizon_years, year):
    """Of what was bought in the year."""
    return study_horizon_years - year + 1


@line("Held at the end", "1", by="asset year", adds="none")
def held_at_end(end_age, asset_years):
    """1 for vintages whose life has not ended inside the horizon."""
    return end_age <= asset_years


@line("Worth at the end of the horizon", "1", by="asset year", adds="none")
def end_worth(asset_residual_share, end_age, asset_years, asset_price_change):
    """Linear from the price paid to the residual share, but no more than a new one costs then."""
    return ops.minimum(1 - (1 - asset_residual_share) * end_age / asset_years, (1 + asset_price_change) ** end_age)


@line("Resale at the end, by vintage", "money", by="asset year")
def end_proceeds(asset_spend, end_worth, held_at_end):
    """Cost x worth of what is still held."""
    return asset_spend * end_worth * held_at_end


@line("Resale at the end, by asset", "money", by="asset")
def end_proceeds_by_asset(end_proceeds):
    """All vintages."""
    return ops.total(end_proceeds)


@line("Resale at the end of the horizon", "money")
def final_disposal(end_proceeds_by_asset):
    """What is left, sold when the horizon ends."""
    return ops.across(end_proceeds_by_asset)


@line("Depreciated at this age", "1", by="asset age", adds="none")
def tax_share(asset_straight_line, age, asset_years, asset_schedule_share):
    """Straight line to zero over the life, or the schedule's share, until disposal."""
    return ops.where(asset_straight_line, 1 / asset_years, asset_schedule_share) * (age <= asset_years)


@line("Depreciation, by asset", "money", by="asset year")
def asset_depreciation(asset_spend, tax_share):
    """Every vintage at its age."""
    return ops.by_vintage(asset_spend, tax_share)


@line("Depreciation", "money", by="year")
def depreciation(asset_depreciation):
    """Deducted from taxable income during the year."""
    return ops.across(asset_depreciation)


@line("Depreciated up to this age", "1", by="asset age", adds="none")
def claimed_share(tax_share):
    """The schedule summed."""
    return ops.cumulative(tax_share)


@line("Depreciated at end of life", "1", by="asset")
def claimed_at_life(claimed_share, asset_years):
    """Share of the cost depreciated by then; 0 where the life ends after the horizon (not read then)."""
    return ops.at_age(claimed_share, asset_years)


@line("Tax book value at retirement, by asset", "money", by="asset year")
def retired_basis(retired_cost, claimed_at_life):
    """Cost not yet depreciated at the end of its life."""
    return retired_cost * (1 - claimed_at_life)


@line("Taxable gain at the start of the year", "money", by="year")
def early_taxable_gain(retired_proceeds, retired_basis):
    """Resale less basis left; a loss is deducted."""
    return ops.across(retired_proceeds) - ops.across(retired_basis)


@line("Claimed by the end of the horizon", "1", by="asset year", adds="none")
def claimed_at_end(claimed_share, end_age):
    """Share of a vintage's cost depreciated by then."""
    return ops.at_age(claimed_share, end_age)


@line("Basis left at the end, by vintage", "money", by="asset year")
def end_basis(asset_spend, claimed_at_end, held_at_end):
    """Cost not yet depreciated of what is still held."""
    return asset_spend * (1 - claimed_at_end) * held_at_end


@line("Basis left at the end, by asset", "money", by="asset")
def end_basis_by_asset(end_basis):
    """All vintages."""
    return ops.total(end_basis)


@line("Taxable gain at the end of the horizon", "money")
def final_taxable_gain(final_disposal, end_basis_by_asset):
    """Resale less basis left."""
    return final_disposal - ops.across(end_basis_by_asset)
