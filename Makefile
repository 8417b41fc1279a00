# Everything this project does from a terminal: `make` lists it.
# Needs make, a POSIX shell and Python 3.11 or newer (PYTHON=... chooses which one).
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test long soak check quick format bench docs shots lock clean environment tools programs

VENV := .venv
IN_VENV := $(VENV)/bin/python
PYTHONS := $(or $(PYTHON),python3.11 python3.12 python3.13 python3)
RECENT := sys.exit(sys.version_info < (3, 11))

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1 - /p' $(MAKEFILE_LIST)

run: environment ## start the app on http://127.0.0.1:8501 (elsewhere: make run PORT=8600)
	@exec $(IN_VENV) -m streamlit run app.py $(if $(PORT),--server.port $(PORT))

test: check programs ## format, lint, types, tests; installs what they need
	$(IN_VENV) -m pytest -n 2 --dist worksteal

long: programs ## what make test leaves out because it takes long
	$(IN_VENV) -m pytest -m long -n 2 --dist worksteal

soak: programs ## far more random studies, kills, people; with SOAK_TIMES=20 a night, and all that make test samples
	SOAK=1 $(IN_VENV) -m pytest -m soak -n 2 --dist worksteal

check: tools ## format, lint and types
	$(IN_VENV) -m ruff format --check .
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -m pyrefly check

quick: tools ## the tests of the model only
	$(IN_VENV) -m pytest tests/models

format: tools ## put the code into its format and mend what ruff can
	$(IN_VENV) -m ruff format .
	$(IN_VENV) -m ruff check --fix .

bench: tools ## how fast the model, the workbook and the app are
	$(IN_VENV) -m bench.bench

docs: tools ## write METHOD.md and the README's method table from the formulas
	$(IN_VENV) -m models.analysis.reporting.document

shots: programs ## pictures of every page, in both themes and widths, into shots/
	$(IN_VENV) -m tests.shots

lock: tools ## pin what requirements*.txt need in turn, with hashes (needs the package index)
	$(call resolve,requirements)
	$(call resolve,requirements-dev,-c requirements.lock)

clean: ## remove the environment and everything else that was made here
	rm -rf $(VENV) .hypothesis .pytest_cache .ruff_cache shots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	$(call install,requirements.lock)

tools: environment
	$(call install,requirements-dev.lock)

# For every system and every Python from 3.11 on; versions in the lock stay where the requirements allow them.
resolve = $(IN_VENV) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" $(1).txt $(2) -o $(1).lock

# A stamp in the environment holds the checksum of what was installed from: while it agrees, pip is not asked.
define install
@$(venv_works) || { $(make_venv); } || exit 1; \
stamp=$(VENV)/installed-$(1); wanted=$$(cksum < $(1)); \
[ "$$(cat $$stamp 2>/dev/null)" = "$$wanted" ] || { \
	echo "Installing $(1): about half a minute, and only when it has changed."; \
	$(IN_VENV) -m pip install -qq --disable-pip-version-check --require-hashes -r $(1) && echo "$$wanted" > $$stamp; \
}
endef

venv_works = $(IN_VENV) -c 'import sys, importlib.util as u; u.find_spec("pip") or sys.exit(1); $(RECENT)' 2>/dev/null

# An environment that does not work (its Python replaced, its creation interrupted) is made again.
define make_venv
recent=; able=; \
for python in $(PYTHONS); do \
	"$$python" -c 'import sys; $(RECENT)' >/dev/null 2>&1 || continue; \
	recent=$$python; \
	"$$python" -c 'import ensurepip, venv' >/dev/null 2>&1 && { able=$$python; break; }; \
done; \
if [ -z "$$recent" ]; then \
	echo "Python 3.11 or newer is needed; tried $(PYTHONS)." >&2; \
	echo "Install one, or name it: make run PYTHON=..." >&2; exit 1; \
elif [ -z "$$able" ]; then \
	echo "$$recent cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; \
fi; \
[ ! -e $(VENV) ] || echo "The environment in $(VENV) does not work; making it again."; \
rm -rf $(VENV) && "$$able" -m venv $(VENV)
endef

# The tests drive the app in Chromium through Playwright, whose own programs need libatomic, recalculate the workbook in
# LibreOffice Calc, keep studies in a PostgreSQL of their own, and reach the app through nginx.
programs: tools
	@missing=; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	$(IN_VENV) -m playwright --version >/dev/null 2>&1 || missing="$$missing libatomic1"; \
	command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing="$$missing nginx"; \
	office=$$(readlink -f "$$(command -v soffice)"); \
	[ -e "$$(dirname "$$office")/libsclo.so" ] || missing="$$missing libreoffice-calc"; \
	[ -n "$$missing" ] || exit 0; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	if ! command -v apt-get >/dev/null || ! $${sudo:-true} true 2>/dev/null; then \
		echo "The tests need programs that only you can install here:$$missing" >&2; exit 1; \
	fi; \
	echo "Installing$$missing: once, a minute or two."; \
	told=$$($$sudo apt-get update -qq 2>&1 && \
		$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing 2>&1) \
		|| { echo "$$told" >&2; exit 1; }
