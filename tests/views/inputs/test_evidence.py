"""The evidence page: every input with its source, found again by any word of it, and what the cost rests on."""

import pytest
from streamlit.testing.v1 import AppTest

from models.analysis.metrics.coverage import by_confidence
from models.notation import writer
from models.run.model import MODEL
from models.studies.file.load import load
from tests.views.reading import TEMPLATES, frames, run, texts

NAMES = sorted(path.stem for path in TEMPLATES.glob("*.toml"))


def shown(study: str = "customer_service") -> AppTest:
    return run("inputs", study, view="Evidence")


def listed(app) -> dict[str, list[str]]:
    return frames(app)[-1]


@pytest.mark.parametrize("study", NAMES)
def test_every_input_that_somebody_set_is_listed(study: str):
    found = listed(shown(study))
    given = [
        place.of(name)
        for place in load(TEMPLATES / f"{study}.toml").places.values()
        for name, value in place.row.items()
        if value.set_by != "default" and not value.blank
    ]
    assert len(found["Input"]) == len(given)


def test_an_input_comes_with_all_that_is_known_of_it():
    app = shown()
    app.text_input[0].set_value("pue uptime").run()
    found = listed(app)
    value = load(TEMPLATES / "customer_service.toml").option("Buy, colocation").fields["pue"]
    place = found["Where"].index("Buy, colocation")
    assert (found["Input"][place], found["Value"][place]) == ("PUE", f"{value.value}")
    assert (found["Low"][place], found["High"][place]) == (f"{value.low}", f"{value.high}")
    assert (found["Source"][place], found["Link"][place]) == (value.source, value.url)
    assert (found["Date"][place], found["Note"][place]) == (value.as_of, value.note)
    assert found["Confidence"][place] == "Published"


def test_units_follow_the_basis_and_shares_are_percentages():
    app = shown()
    app.text_input[0].set_value("rented fleet discount").run()
    app.text_input[0].set_value("discount_rate").run()
    found = listed(app)
    assert found["Value"] == ["7.23%"] or found["Value"][0].endswith("%")
    assert found["Unit"] == ["p.a."]
    app.text_input[0].set_value("buy, colocation colocation per_kw_month amount").run()
    app.text_input[0].set_value("colocation/opex/colocation/amount").run()
    assert set(listed(app)["Unit"]) == {"USD per kW and month"}


def test_search_finds_nothing_without_breaking():
    app = shown()
    app.text_input[0].set_value("no such words").run()
    assert "0 inputs" in texts(app)
    assert not app.exception


def test_filters_narrow_the_list():
    app = shown()
    everything = len(listed(app)["Input"])
    app.selectbox(key="evidence owner").set_value("Workloads").run()
    assert 0 < len(listed(app)["Input"]) < everything
    assert all(where.startswith("Workload: ") for where in listed(app)["Where"])
    app.selectbox(key="evidence owner").set_value("Everything").run()
    app.multiselect[0].set_value(["measured"]).run()
    assert set(listed(app)["Confidence"]) == {"Measured"}


def test_defaults_are_shown_on_request():
    app = shown()
    before = len(listed(app)["Input"])
    app.toggle[0].set_value(True).run()
    assert len(listed(app)["Input"]) > before
    assert "default" in listed(app)["Set by"]


def test_only_web_pages_are_linked():
    toml = (TEMPLATES / "ecommerce_bot.toml").read_text(encoding="utf-8")
    app = shown(toml.replace("https://huggingface.co", "javascript:alert(1)//huggingface.co"))
    links = [link for link in listed(app)["Link"] if isinstance(link, str)]
    assert links and all(link.startswith("http") for link in links)


def test_the_weakest_prices_stand_first():
    app = shown()
    weakest = frames(app)[0]
    assert weakest["Confidence"][0] == "Assumed"
    shares = [float(text.removesuffix("%")) for text in weakest["Share of the cost"]]
    assert shares == sorted(shares, reverse=True)
    amounts = [float(text.replace(",", "")) for text in weakest["Cost that rests on it, USD thousand"]]
    assert amounts == sorted(amounts, reverse=True)
    assert any("staff" in price for price in weakest["Price"])


def test_shares_of_cost_are_the_models():
    result = MODEL.run(load(TEMPLATES / "customer_service.toml"))
    chart = shown().get("vega_lite_chart")[0]
    for option in result.options.values():
        assert f"{writer.share(by_confidence(option)['assumed'])} assumed" in chart.proto.spec


def test_another_option_can_be_looked_at():
    app = shown()
    app.selectbox(key="evidence option").set_value("API, same model").run()
    assert any("staff" in price for price in frames(app)[0]["Price"])
    assert not any("accelerators" in price for price in frames(app)[0]["Price"])
