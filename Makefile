# Every target sets up what it needs: a virtual environment in .venv from the hash-locked requirements.lock.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: report test test-thorough test-fast test-pandas2 lint lock example dictionary gallery benchmark coverage soak audit sbom licences clean

# tests are spread over the processors, a file to each at a time, in the order of tests/conftest.py
SPREAD := -n auto --dist loadfile --no-loadscope-reorder

# pip's word of a newer pip is of no use here
export PIP_DISABLE_PIP_VERSION_CHECK := 1

report: $(VENV)/ready     ## the main job on the example returns
	$(BIN)/auditanalytics report

test: $(VENV)/ready       ## every test but those that take long and ask in depth what another asks too
	$(BIN)/python -m pytest $(SPREAD) -m "not thorough"

test-thorough: $(VENV)/ready  ## every test, with more examples of each property; before a release
	AUDITANALYTICS_EXAMPLES=120 $(BIN)/python -m pytest $(SPREAD)

test-fast: $(VENV)/ready  ## the tests that start no kernel, command or browser
	$(BIN)/python -m pytest $(SPREAD) -m "not slow and not thorough"

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; run: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

# where the library reads, counts and compares with pandas; all that it writes is made from that
OF_TABLES := auditanalytics $(addprefix tests/test_,agreement.py case_mix.py changes.py consistency.py coverage.py \
	disclosure.py domains.py evidence.py first_framework.py headlines.py intake.py ladder.py moderated_grades.py \
	moderation_measures.py period_measures.py quarters.py reading.py returns.py schema.py severity.py spot_checks.py \
	summary.py tables.py theme_measures.py themes.py trends.py validation.py year_of_returns.py)

test-pandas2:             ## the fast tests of tables with pandas 2.2, the oldest that is supported
	$(PYTHON) -m venv $(VENV)-pandas2
	$(VENV)-pandas2/bin/python -m pip install --quiet --require-hashes -r requirements.lock
	$(VENV)-pandas2/bin/python -m pip install --quiet "pandas==2.2.*"
	$(VENV)-pandas2/bin/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	$(VENV)-pandas2/bin/python -m pytest $(SPREAD) -m "not slow and not thorough" $(OF_TABLES)

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

lock:                     ## write requirements.lock anew from pyproject.toml
	uv pip compile pyproject.toml --group test --group build --group supply --universal --generate-hashes --no-header --quiet -o requirements.lock

example: $(VENV)/ready    ## write the example returns anew
	$(BIN)/python -c "from pathlib import Path; from auditanalytics.samples import write_example; write_example(Path('data/example'))"

dictionary: $(VENV)/ready ## write anew what is documented from the code: tables, problem codes, framework keys, METHOD.md's tables
	$(BIN)/python -c "from pathlib import Path; from auditanalytics.schema import write_data_dictionary; write_data_dictionary(Path('data/README.md'))"
	$(BIN)/python -c "from pathlib import Path; from auditanalytics.problems import write_problem_reference; write_problem_reference(Path('docs/problems.md'))"
	$(BIN)/python -c "from pathlib import Path; from auditanalytics.frameworks.reference import write_framework_reference; write_framework_reference(Path('docs/frameworks.md'))"
	$(BIN)/python -c "from pathlib import Path; from auditanalytics.consistency.reference import write_flag_reference; write_flag_reference(Path('docs/moderation.md'))"
	$(BIN)/python -c "from pathlib import Path; from auditanalytics.themes.reference import write_codebook_reference; write_codebook_reference(Path('docs/themes.md'))"
	$(BIN)/python -c "from pathlib import Path; from auditanalytics.method import write_method_tables; write_method_tables(Path('METHOD.md'))"

gallery: $(VENV)/ready    ## draw reports/gallery anew: a chart of every kind
	$(BIN)/python tests/gallery.py

benchmark: $(VENV)/ready  ## measure the report, and reading, beside the plain way
	$(BIN)/python benchmarks/report.py
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/themes.py
	$(BIN)/python benchmarks/briefs.py
	$(BIN)/python benchmarks/forms.py

# where no file may be larger than a few kilobytes, what is counted cannot be written either
TOO_SMALL_FOR_COUNTS := --deselect "tests/test_unattended.py::test_too_little_of_what_a_process_may_have[size of files]"

coverage: $(VENV)/ready   ## every test, counting branches of the library, also in kernels and other processes
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(SPREAD) $(TOO_SMALL_FOR_COUNTS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered --show-missing --fail-under=95

soak: $(VENV)/ready       ## break returns and runs in thousands of ways, and try how good the tests are; takes hours
	$(BIN)/python tests/soak.py --seconds 60
	AUDITANALYTICS_EXAMPLES=500 $(BIN)/python -m pytest -q tests/test_properties.py
	AUDITANALYTICS_EXAMPLES=5000 $(BIN)/python -m pytest -q tests/test_narrative_property.py
	$(BIN)/python tests/soak_kills.py --kills 200 --seed 1
	$(BIN)/python tests/mutation.py auditanalytics/grades.py auditanalytics/quarters.py --sample 20 --least 0.8

audit: $(VENV)/ready      ## ask an advisory database about every locked package; says "Not audited" where it cannot
	$(BIN)/python tests/supply_chain.py audit

sbom: $(VENV)/ready       ## write the bill of materials, build/auditanalytics.cdx.json
	$(BIN)/python tests/supply_chain.py sbom

licences: $(VENV)/ready   ## write docs/licences.md anew from the lock
	$(BIN)/python tests/supply_chain.py licences

clean:
	rm -rf $(VENV) $(VENV)-pandas2 build dist .pytest_cache .ruff_cache .import_linter_cache .hypothesis
