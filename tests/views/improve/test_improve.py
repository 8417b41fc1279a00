"""Improve: levers that add up and can be adopted, limits and relief, waiting; refusals say what to do."""

import re
from pathlib import Path

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from charts import costs
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.studies.file.load import dumps, load, loads
from tests.cpu import least_cpu
from tests.soak import sampled
from tests.views.reading import TEMPLATES, Unfolded, at, frames, ran, run, study_of, texts
from views import session

OPTIONS = [(path.stem, option.name) for path in sorted(TEMPLATES.glob("*.toml")) for option in load(path).options]
VIEWS = ("Levers", "Bottlenecks", "Buy now or wait")
LIMIT_S = 0.9
OWN = "Buy, colocation"
SERVICE = Path(TEMPLATES / "customer_service.toml").read_text(encoding="utf-8")


def look_at(app: AppTest, view: str) -> AppTest:
    return ran(at(app, "improve", view))


def lever(app: AppTest, label: str, *, pulled: bool = True) -> AppTest:
    box = next(each for each in app.checkbox if each.label == label)
    app = (box.check() if pulled else box.uncheck()).run()
    assert not app.exception, app.exception
    return app


def number(text: str) -> float:
    return float(text.replace(",", "").replace(writer.MINUS, "-"))


def bars(app: AppTest) -> dict[str, tuple[float, float]]:
    """The table of levers: cost and energy by row."""
    frame = frames(app)[0]
    money = next(name for name in frame if name.endswith("per 1,000 responses"))
    cells = zip(frame["Lever"], frame[money], frame["J per response"], strict=True)
    return {label: (number(cost), number(energy)) for label, cost, energy in cells}


@pytest.mark.parametrize("view", VIEWS)
@sampled(("template", "option"), OPTIONS, lambda pair: pair[0] == "customer_service")
def test_every_view_shows_every_option_of_every_template(template: str, option: str, view: str):
    app = run("improve", template, option=option)
    app = app if view == VIEWS[0] else look_at(app, view)
    assert not app.error
    assert frames(app) or app.info or app.warning or texts(app)


def test_the_first_paint_is_quick():
    run("improve")  # the modules are imported, the catalogue read
    assert least_cpu(lambda: run("improve"), attempts=3) < LIMIT_S


# -------------------------------------------------------------------------------------------------------------- levers


def test_the_bars_add_up_in_both_figures():
    app = lever(lever(run("improve"), "Liquid cooling"), "Prefix caching")
    found = bars(app)
    assert {"Speculative decoding", "Liquid cooling", "Prefix caching"} < set(found)
    for place, tolerance in ((0, 0.0021), (1, 2.1)):
        start, end = found.pop(costs.STANDS)[place], found.pop(costs.ALL)[place]
        assert start + sum(row[place] for row in found.values()) == pytest.approx(end, abs=tolerance)
        found |= {costs.STANDS: (start, start), costs.ALL: (end, end)}
        found = bars(app)
    assert "Together, " in texts(app)


def test_what_does_nothing_here_says_why():
    app = lever(run("improve"), "Quantisation, 16 to 8 bits")
    assert "the rates are measured at FP8" in texts(app)
    frame = frames(app)[0]
    note = frame["Note"][frame["Lever"].index("Quantisation, 16 to 8 bits")]
    assert note == "the rates are measured at FP8, and it starts from BF16 or FP16"


def test_levers_that_exclude_each_other_say_so_and_the_page_stands():
    app = lever(lever(run("improve"), "Smaller model"), "Mixture-of-experts model")
    assert any("choose one of the two" in error.value for error in app.error)
    assert any(box.label == "Smaller model" and box.value for box in app.checkbox)


def own_gain(app: AppTest, text: str) -> AppTest:
    app.text_input(key="improve lever speculative_decoding decode_rate 1").set_value(text).run()
    assert not app.exception, app.exception
    return app


def test_a_gain_of_ones_own_counts_and_no_longer_passes_for_the_source(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(streamlit, "popover", Unfolded)
    app = run("improve")
    before = bars(app)["Speculative decoding"][0]
    assert bars(own_gain(app, "2"))["Speculative decoding"][0] < before
    frame = frames(app)[0]
    assert frame["Note"][frame["Lever"].index("Speculative decoding")] == "gain assumed"
    assert "2 stays" in texts(own_gain(app, "two"))
    assert bars(own_gain(app, ""))["Speculative decoding"][0] == before


def test_adopting_adds_an_option_that_can_be_undone():
    app = lever(run("improve"), "Liquid cooling")
    next(button for button in app.button if "Save as" in button.label).click().run()
    assert not app.exception
    added = study_of(app).options[-1]
    assert added.name == f"{OWN}, improved"
    assert len(study_of(app).options) == 5
    assert "Liquid cooling" in str(added.fields["pue"].note)
    assert added.fields.number("pue") < study_of(app).option(OWN).fields.number("pue")
    result = app.session_state[session.WORK].step.result
    end = bars(app)[costs.ALL][0]
    assert result.options[added.name].number("comparison_cost_per_meaningful_response") == pytest.approx(
        end / REQUESTS_PER_THOUSAND, rel=1e-3
    )
    app.button(key="undo").click().run()
    assert [option.name for option in study_of(app).options] == [option.name for option in loads(SERVICE).options]


def test_a_name_that_is_taken_is_refused_with_the_reason():
    app = run("improve")
    next(each for each in app.text_input if each.label == "Name of the new option").set_value("Rented fleet").run()
    next(button for button in app.button if "Save as" in button.label).click().run()
    assert len(study_of(app).options) == 4
    assert ":material/error:" in texts(app)


def test_names_are_never_markdown():
    nasty = "**Own** $x$ <b> [a](javascript:1)"
    toml = SERVICE.replace('name = "Buy, colocation"', f"name = '{nasty}'")
    for view in VIEWS[1:]:
        app = look_at(run("improve", toml, option=nasty), view)
        for element in [*app.markdown, *app.caption, *app.info, *app.warning]:
            assert "$x$" not in element.value.replace("\\$", "")
            assert "[a](" not in element.value


# --------------------------------------------------------------------------------------------------- token production


def test_a_limited_site_says_what_binds_and_what_relief_is_worth():
    app = look_at(run("improve", "power_limited_site", option="B200, liquid"), "Bottlenecks")
    assert "Power at the meter" in texts(app)
    table = next(frame for frame in frames(app) if "Measure" in frame)
    assert "1,000 kW more at the meter" in table["Measure"]
    power = table["Measure"].index("1,000 kW more at the meter")
    assert table["More tokens"][power] != "0"
    app.text_input(key="improve extra kW 1").set_value("100").run()
    table = next(frame for frame in frames(app) if "Measure" in frame)
    assert "100 kW more at the meter" in table["Measure"]


def test_the_disclosure_states_what_it_must():
    app = look_at(run("improve"), "Bottlenecks")
    block = app.code[0].value
    for words in (
        "Energy per token at load: 1.40 J per token (IT, busy)",
        "Limiting factor: demand",
        "PUE-adjusted delivered power: 15.5 kW",
        "Utilisation-adjusted output",
        "Quality, Live chat: not stated",
        "Time to the first token, Live chat: 432 ms",
    ):
        assert words in block


def test_the_chain_shows_a_changed_link_beside_the_option():
    app = look_at(run("improve"), "Bottlenecks")
    beside = app.selectbox(key="chain beside 1")
    beside.set_value(f"{OWN} with Liquid cooling").run()
    chain = next(frame for frame in frames(app) if "Link" in frame)
    pue = chain["Link"].index("All of these: PUE")
    assert chain[OWN][pue] == "1.54"
    assert float(chain[f"{OWN} with Liquid cooling"][pue]) < 1.54
    assert "1.15 to 1.20" in texts(app) and "Uptime Institute" in texts(app)


def test_an_api_has_no_limits_to_show_and_names_options_that_do():
    app = look_at(run("improve", option="API, same model"), "Bottlenecks")
    assert OWN in texts(app)


# ------------------------------------------------------------------------------------------------------ wait or buy now


def test_waiting_shows_starts_break_even_and_sources():
    app = look_at(run("improve"), "Buy now or wait")
    table = next(frame for frame in frames(app) if "Buy" in frame)
    assert table["Buy"] == ["Now", "In one year", "In two years", "Never buy (fallback only)"]
    assert table["Against buying now"][1] == f"{writer.MINUS}11%"
    assert table["Break-even"][1] == "+4.5% p.a."
    assert "Stanford AI Index" in texts(app)
    assert "Buying in two years costs least" in texts(app)


def test_another_trend_changes_the_answer_and_nonsense_does_not():
    app = look_at(run("improve"), "Buy now or wait")
    app.text_input(key="improve trend price 1").set_value("20 %").run()
    assert "Buying now costs least" in texts(app)
    app.text_input(key="improve trend price 1").set_value("a lot").run()
    assert "20% stays" in texts(app)
    assert "Buying now costs least" in texts(app)


@pytest.mark.parametrize(
    ("template", "option", "words"),
    [
        ("customer_service", "Rented fleet", "nothing is bought or leased that could wait"),
        ("power_limited_site", "H200, air", "size it for the demand"),
    ],
)
def test_refusals_say_why(template: str, option: str, words: str):
    app = look_at(run("improve", template, option=option), "Buy now or wait")
    assert words in texts(app)


def test_without_an_interim_price_it_says_where_to_give_one():
    toml = re.sub(r"(?m)^interim_from = .*\n", "", dumps(loads(SERVICE)))
    app = look_at(run("improve", toml, option=OWN), "Buy now or wait")
    assert "section Finance" in texts(app)


def test_staff_excluded_is_left_out():
    with_staff, without = run("improve"), run("improve", without_staff=True)
    assert bars(without)[costs.STANDS][0] < bars(with_staff)[costs.STANDS][0]
