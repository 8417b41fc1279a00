"""The catalogue: sound rows with a source each, found by words, put into a study; rows of one's own are not trusted."""

import dataclasses
import datetime
import math
import re

import pytest

from models.analysis.quickstart.quick_start import quick_start
from models.catalogue import fill as catalogues
from models.catalogue.fill import Catalogue, CatalogueError, Entry, Places, age_flag, fills, load, read_own
from models.catalogue.tables import AGES, OWN_TABLES, TABLES
from models.studies.change import replace_all
from models.studies.inputs import schema
from models.studies.inputs.value import Value
from models.studies.study import Study, get

CATALOGUE = load()
TODAY = datetime.date(2026, 11, 21)
PLACES = Places(workload="Chat", item="Server chassis, excluding GPUs")


def entry(table: str, **texts: str) -> Entry:
    return next(CATALOGUE.find(table, **texts))


def number(value: Value) -> float:
    assert isinstance(value.value, int | float)
    return float(value.value)


# -------------------------------------------------------------------------------------------------- what it holds


def test_every_table_holds_facts_and_there_are_a_few_hundred():
    assert all(CATALOGUE.table(name) for name in TABLES)
    assert 1000 <= len(CATALOGUE.entries) <= 2000


def test_every_row_can_be_followed_to_its_source_or_says_what_it_assumes():
    for row in CATALOGUE.entries:
        assumed = row.text("confidence") == "assumed"
        assert row.text("url").startswith("https://") or assumed, (row.table, row.row)
        assert row.text("source") or row.text("note"), (row.table, row.row)


def test_no_row_is_from_memory_or_speaks_of_how_it_was_collected():
    words = re.compile(r"unverified|general knowledge|stored excerpt|too large to fetch|from memory", re.IGNORECASE)
    for path in catalogues.FOLDER.glob("*.csv"):
        assert not words.search(path.read_text(encoding="utf-8")), path.name


def test_a_source_is_where_a_figure_was_published_and_no_index_of_packages():
    index = re.compile(r"pypi\.org|npmjs\.com|crates\.io|anaconda\.org|libraries\.io")
    for row in CATALOGUE.entries:
        assert not index.search(row.text("url")), (row.table, row.row)


def test_the_pue_that_people_argue_about_is_there_three_times():
    rows = list(CATALOGUE.find("facility", category="pue"))
    assert rows[0].number("value") == 1.10
    assert (rows[1].number("low"), rows[1].number("high")) == (1.15, 1.20)
    assert any(row.number("value") == 1.54 and "average" in row.text("item") for row in rows)


def test_history_is_never_a_default():
    use = {row.text("trend"): row.text("use") for row in CATALOGUE.table("trends")}
    assert use["token_price"] == use["open_closed_gap"] == "history"
    prices = entry("trends", trend="token_price")
    assert prices.needed("from_value") / prices.needed("to_value") == pytest.approx(280, rel=0.03)
    assert entry("trends", trend="hardware_price").number("yearly_change") == -0.30
    assert entry("trends", trend="energy_efficiency").number("yearly_change") == 0.40


def test_latency_factors_are_what_their_runs_give():
    for row in CATALOGUE.table("latency_factors"):
        ratio = row.needed("interactive_tokens_per_s") / row.needed("offline_tokens_per_s")
        assert row.needed("factor") == pytest.approx(ratio, abs=5e-5)


def rate(**texts: str) -> float:
    return entry("serving", **texts).needed("output_tokens_per_s_per_accelerator")


def lever(name: str, field: str) -> float:
    return entry("levers", lever=name, field=field).needed("value")


def test_levers_follow_from_rows_of_the_catalogue():
    chat = "LM Arena prompts"
    old, new = "MLPerf v4.1 Server", "MLPerf v5.1 Server"
    llama = {"model": "Llama-2-70B", "accelerator": "MI300X"}
    gain = rate(**llama, scenario=new, engine="vLLM 0.9.0") / rate(**llama, scenario=old)
    assert lever("serving_software", "decode_rate") == pytest.approx(gain, abs=0.005)
    big, small = (rate(model=m, accelerator="H200", input_tokens="1000") for m in ("Llama-3.3-70B", "Llama-3.1-8B"))
    assert lever("smaller_model", "decode_rate") == pytest.approx(small / big, abs=0.005)
    dense, sparse = (rate(model=m, accelerator="B200", scenario=chat) for m in ("Qwen3-32B", "Qwen3-30B-A3B"))
    assert lever("mixture_of_experts", "decode_rate") == pytest.approx(sparse / dense, abs=0.005)


def test_liquid_cooling_follows_from_the_three_published_reductions():
    """Site power -10.2 %, overhead -18.1 %, PUE -3.3 %: two equations for IT power and the PUE they started from."""
    it_power = (1 - 0.102) / (1 - 0.033)
    assert lever("liquid_cooling", "system_power_load_w") == pytest.approx(it_power, abs=5e-4)
    pue = (it_power - (1 - 0.181)) / (0.181 - 0.102)
    overhead = ((1 - 0.033) * pue - 1) / (pue - 1)
    assert lever("liquid_cooling", "pue") == pytest.approx(overhead, abs=5e-3)


# ------------------------------------------------------------------------------------------------ finding and age


def test_search_finds_rows_that_hold_every_word_and_names_first():
    found = CATALOGUE.search("h200 rental nebius")
    assert found and all(row.table == "rental_prices" for row in found)
    assert found[0].title == "Nebius, H200"
    assert CATALOGUE.search("H200", "systems")[0].table == "systems"
    assert not CATALOGUE.search("no such thing anywhere")


@pytest.mark.parametrize(
    ("as_of", "flag"),
    [
        ("2026-11-01", ""),
        ("2025-11-21", ""),
        ("2025-11-20", "more than a year old"),
        ("2025-11", ""),
        ("2025-10", "more than a year old"),
        ("2025", ""),
        ("2024", "more than a year old"),
        ("", "undated"),
    ],
)
def test_a_row_is_flagged_by_its_date_and_never_made_older_than_it_may_be(as_of: str, flag: str):
    row = read_own("latency_targets", f"test,ttft_ms,tpot_ms,source,as_of,confidence\nx,1,2,me,{as_of},measured\n")[0]
    shorter = {"more than a year old": "more than three years old"}
    assert age_flag(dataclasses.replace(row, table="systems"), TODAY) == flag
    assert age_flag(row, datetime.date(2028, 11, 21)) == shorter.get(flag, flag)


def test_each_kind_of_fact_has_its_own_limit_of_age():
    assert AGES.keys() == TABLES.keys()
    row = entry("api_prices", listed_as="gpt-5.4")
    assert row.text("as_of") == "2026-11-20"
    assert [age_flag(row, datetime.date(2027, *day)) for day in ((5, 22), (5, 23))] == ["", "more than half a year old"]


def test_an_assumption_without_a_source_has_no_age():
    assert age_flag(entry("defaults", name="availability"), TODAY) == ""
    assert age_flag(entry("electricity", region="Virginia", customer="industrial"), TODAY) == "more than a year old"


def test_an_unknown_table_is_answered_with_the_nearest():
    with pytest.raises(KeyError, match="rental_prices"):
        CATALOGUE.table("rental_price")


# ------------------------------------------------------------------------------------------------ filling a study

STUDY = quick_start(20_000, "Llama-3.3-70B", "Chat").study
PATHS = {"study": "study", "workload": "workload/Chat", "option": "option/{}"}


def applied(row: Entry, option: str) -> Study:
    fill = fills(row, places=PLACES)
    return replace_all(STUDY, fill.changes(PATHS[fill.base].format(option)))


@pytest.mark.parametrize("table", OWN_TABLES)
def test_whatever_a_row_fills_is_an_input_of_the_schema_with_the_rows_provenance(table: str):
    filled = 0
    for row in CATALOGUE.table(table):
        fill = fills(row, places=PLACES)
        for path, value in fill.values.items():
            parts = path.split("/")
            where = parts[0] if len(parts) > 1 else fill.base
            schema.field(where, parts[-1])
            assert value.set_by == "catalogue"
            assert value.blank or value.confidence == row.text("confidence")
        filled += bool(fill.values)
        assert fill.values or fill.notes or table in ("systems", "facility", "finance"), row.title
    assert filled


@pytest.mark.parametrize(
    ("table", "texts", "option", "path", "value"),
    [
        ("systems", {"system": "NVIDIA HGX B200", "quantity": "power_load"}, "Buy", "system_power_load_w", 10442.3),
        ("systems", {"system": "NVIDIA HGX H200", "quantity": "price_per_system"}, "Buy", "", 400_000),
        ("rental_prices", {"accelerator": "H200", "terms": "on demand"}, "Rent", "rental/on_demand_price", 4.59),
        ("rental_prices", {"accelerator": "H200", "terms": "reserved"}, "Rent", "rental/commitment_years", 1),
        ("api_prices", {"model": "gpt-5.4"}, "API", "api/batch_discount", 0.5),
        ("api_prices", {"model": "claude-opus-5"}, "API", "api/price_cache_write", 6.25),
        ("electricity", {"region": "Ohio", "customer": "industrial"}, "Buy", "electricity_price", None),
        ("electricity", {"region": "France", "quantity": "carbon_intensity"}, "Buy", "carbon_intensity", None),
        ("facility", {"category": "pue"}, "Buy", "pue", 1.1),
        ("finance", {"category": "equipment_life"}, "Buy", "equipment_life", 5),
        ("tax_schedules", {"known_as": "macrs_5"}, "Buy", "asset/equipment/tax_schedule", "macrs_5"),
        ("serving", {"model": "gpt-oss-120b", "accelerator": "H200"}, "Buy", "serving/Chat/decode_rate", 214),
        ("latency_targets", {"test": "MLPerf deepseek-r1 Server"}, "Buy", "serving/Chat/tpot_target_ms", 80),
    ],
)
def test_a_row_can_be_put_into_a_study(table: str, texts: dict[str, str], option: str, path: str, value: object):
    row = entry(table, **texts)
    changed = applied(row, option)
    found = get(changed, f"option/{option}/{path or 'capex/Server chassis, excluding GPUs/amount'}")
    assert found.source == row.text("source")
    assert value is None or found.value == value
    assert found.set_by == "catalogue"


def test_filling_takes_the_old_provenance_out():
    before = get(STUDY, "option/Buy/pue")
    assert before.low is not None
    after = get(applied(entry("facility", item="Google fleet"), "Buy"), "option/Buy/pue")
    assert (after.value, after.low, after.high) == (1.09, None, None)
    assert after.source != before.source


def test_a_blended_rate_makes_the_reading_speed_blank_again():
    row = entry("serving", model="Llama-3.3-70B", accelerator="H200", input_tokens="5000")
    changed = applied(row, "Buy")
    assert get(changed, "option/Buy/serving/Chat/prefill_rate").blank
    assert get(changed, "option/Buy/serving/Chat/measured_input_tokens").value == 5000


def test_money_of_another_currency_fills_nothing_and_says_why():
    euro = next(row for row in CATALOGUE.table("electricity") if row.text("unit") == "EUR/kWh")
    fill = fills(euro, "USD")
    assert not fill.values and "EUR" in fill.notes[0]
    assert fills(euro, "EUR").values
    assert not fills(entry("api_prices", model="gpt-5.4"), "EUR").values
    assert fills(entry("facility", category="pue"), "EUR").values


def test_a_range_without_a_value_fills_nothing():
    row = next(row for row in CATALOGUE.find("facility", category="pue") if row.number("value") is None)
    fill = fills(row)
    assert not fill.values and "1.15 to 1.2" in fill.notes[0]


def test_typed_tax_schedules_are_shares():
    row = entry("tax_schedules", schedule="MACRS 10 years, half-year")
    value = next(iter(fills(row).values.values())).value
    assert isinstance(value, tuple) and math.fsum(value) == pytest.approx(1)


# ----------------------------------------------------------------------------------------------- rows of one's own

HEAD = "provider,accelerator,terms,usd_per_accelerator_hour,source,as_of,confidence"
GOOD = f"{HEAD}\nOur cloud,H200,on demand,2.2,Quote 4711,2026-10-01,quoted\n"


def refused(content: str | bytes, table: str = "rental_prices") -> str:
    with pytest.raises(CatalogueError) as caught:
        read_own(table, content, "mine.csv")
    return str(caught.value)


def test_own_rows_are_preferred():
    row = read_own("rental_prices", GOOD)[0]
    assert row.own
    both: Catalogue = CATALOGUE.with_own([row])
    assert next(both.find("rental_prices", accelerator="H200")) is row
    assert len(both.entries) == len(CATALOGUE.entries) + 1
    bought = quick_start(20_000, "Llama-3.3-70B", "Chat", catalogue=both).study
    assert get(bought, "option/Rent/rental/on_demand_price").value == 2.2
    assert get(bought, "option/Rent/rental/on_demand_price").confidence == "quoted"


def test_what_a_spreadsheet_writes_is_read():
    excel = ("\ufeff" + GOOD.replace("\n", "\r\n") + ",,,,,,\r\n").encode("utf-8")
    assert len(read_own("rental_prices", excel)) == 1


def test_the_header_on_offer_is_the_header_that_is_read():
    for table in OWN_TABLES:
        names = catalogues.header(table).strip().split(",")
        assert names == [column.name for column in TABLES[table].columns]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2.2", "2,2", "cells"),
        ("2.2", '"2,2"', "mine.csv, row 2, column usd_per_accelerator_hour = '2,2': must be a number with a decimal"),
        ("2.2", "220%", "write 2.2"),
        ("2.2", "nan", "must be a number"),
        ("2.2", "1e400", "far too large"),
        ("2.2", "-2.2", "must not be negative"),
        ("2.2", "", "column usd_per_accelerator_hour: is missing"),
        ("on demand", "ondemand", 'did you mean "on demand"?'),
        ("quoted", "sure", "column confidence = 'sure': must be one of assumed, published"),
        ("Quote 4711", "", "column source: is missing"),
        ("2026-10-01", "2026-13", "column as_of: must be a date"),
        ("2026-10-01", "last week", "column as_of: must be a date"),
        ("terms", "term", 'is no column of rental_prices; did you mean "terms"?'),
        ("provider", "accelerator", "names a column twice"),
        ("Our cloud", "x" * 1001, "more than 1,000 characters"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(old: str, new: str, told: str):
    assert told in refused(GOOD.replace(old, new, 1))


def test_everything_that_is_wrong_is_told_at_once_but_not_without_end():
    rows = "".join(f"cloud {n},H200,never,x,me,2026,measured\n" for n in range(100))
    with pytest.raises(CatalogueError) as caught:
        read_own("rental_prices", f"{HEAD}\n{rows}")
    assert len(caught.value.problems) == 20


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00", "is not text"),
        (GOOD.encode() + b"\xe9", "not UTF-8 text (row 3)"),
        ((GOOD * 1).encode() + b"x" * 1_000_001, "larger than 1 MB"),
        (GOOD + "a,b\n" * 3000, "more than 2,000 rows"),
        (GOOD.replace(",", ";"), "with commas"),
        (HEAD + "\n", "holds no rows"),
        ("", "the column provider is missing"),
        (HEAD + '\n"Our cloud,H200,on demand,2.2,me,2026,quoted', "not sound CSV"),
    ],
)
def test_a_file_that_is_no_sheet_of_facts_is_refused(content: str | bytes, told: str):
    assert told in refused(content)


def test_units_and_ranges_of_own_rows_are_checked():
    head = "system,accelerator,accelerators_per_system,quantity,low,value,high,unit,source,confidence\n"
    row = "Our server,H200,8,price_per_system,{},{},{},{},Quote,quoted\n"
    assert fills(read_own("systems", head + row.format("", 350000, "", "EUR/system"))[0], "EUR", PLACES).values
    assert "must be USD/system" in refused(head + row.format("", 350000, "", "USD"), "systems")
    assert "between low and high" in refused(head + row.format(400000, 350000, "", "USD/system"), "systems")
    assert "fill one in" in refused(head + row.format("", "", "", "USD/system"), "systems")


def test_tables_that_steer_analyses_take_no_own_rows():
    with pytest.raises(KeyError, match="no rows of your own"):
        read_own("levers", "lever\n")
