# Requires Python 3.11 or later, make and git; everything else is installed into .venv and .local.

PYTHON ?= python3
TESTS ?= tests
STACK ?= tributary

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: environments ## Run the whole stack on this machine until Ctrl-C (PORT=… for a fixed port).
	@exec .venv/bin/python -m local run </dev/null

stop: .venv/.ready ## Stop it from another terminal.
	@.venv/bin/python -m local stop

listen: .venv/.ready ## Receive its webhooks on this machine, verify and print them (PORT=… for one of several stacks).
	@exec .venv/bin/python -m local listen </dev/null

hook: .venv/.ready ## Send it a shop's webhook, signed: make hook VENDOR=shopify EVENT=events/hooks/shopify/orders_paid.json (CONNECTION=… SECRET=… for a connection of yours, TOPIC=…).
	@.venv/bin/python -m local hook "$(VENDOR)" "$(EVENT)"

invoke: .venv/.ready ## Run one function against it: make invoke FUNCTION=report_sale EVENT=events/api/report_sale.json
	@.venv/bin/python -m local invoke "$(FUNCTION)" "$(EVENT)"

test: environments ## Run every test (TESTS=tests/unit for a part).
	.venv/bin/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadgroup $(TESTS)

# A run has dozens of Python processes. Without bytecode each compiles what it imports, so it is written even where the
# environment forbids it, and into one folder.
test: export PYTHONDONTWRITEBYTECODE =
test: export PYTHONPYCACHEPREFIX = $(CURDIR)/.local/bytecode

storm: environments ## Run the storm tests at full size and print their counts.
	STORM=whole .venv/bin/python -m pytest tests/storm tests/contract/api/test_documented_values.py tests/unit/domain/test_balance.py tests/unit/domain/test_fine_prices.py tests/unit/domain/test_shared_rewards.py
	PYTHONPATH=shared .venv/bin/python -m tests.storm

bench: environments ## Measure the promised ratios, each against a baseline of the same run.
	PYTHONPATH=shared .venv/bin/python -m tests.performance.bench

check: .venv/.ready ## Lint the code, its types, its English and the template.
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/python -m tests.plain_english
	.venv/bin/cfn-lint --append-rules cfn_lint_serverless.rules --ignore-checks $(ANSWERED_BY_US) -- template.yaml

# WS1004 ignores LoggingConfig, and ES6000 demands dead-letter queues of dead-letter queues; tests/contract has both rules
# as intended.
ANSWERED_BY_US = WS1004 ES6000

openapi: .venv/.ready ## Generate docs/openapi*.json from the code.
	.venv/bin/python -m openapi

# Functions are deployed from their folders, so bytecode of test runs is removed first.
build: .local/sam/.ready ## Validate the template and build what sam deploy uploads.
	@find functions -name __pycache__ -prune -exec rm -rf {} +
	$(SAM) validate --lint
	$(SAM) build
	@.local/sam/bin/python -m operate.wheels bill

lock: .venv/.ready ## Write the hashes of the deployed wheels, after a change of layers/dependencies/requirements.txt.
	@.venv/bin/python -m operate.wheels lock

SAM = SAM_CLI_TELEMETRY=0 PYTHON="$(CURDIR)/.local/sam/bin/python" .local/sam/bin/sam

republish: .venv/.ready ## Republish changes that the relay could not announce (STACK=tributary).
	@PYTHONPATH=shared .venv/bin/python -m operate republish --stack "$(STACK)"

redrive: .venv/.ready ## Move a consumer's dead letters back to its queue: make redrive FUNCTION=attribute_sale (STACK=tributary).
	@PYTHONPATH=shared .venv/bin/python -m operate redrive --stack "$(STACK)" --function "$(FUNCTION)"

first-key: .venv/.ready ## Create an organization's first admin key: make first-key ORGANIZATION=acme (STACK=tributary, AGAIN=1 for another).
	@PYTHONPATH=shared .venv/bin/python -m operate first-key --stack "$(STACK)" --organization "$(ORGANIZATION)" $(if $(AGAIN),--again)

event-source: .venv/.ready ## Let an organization's connections name a partner event source: make event-source ORGANIZATION=acme SOURCE=aws.partner/… (STACK=tributary, WITHDRAW=1).
	@PYTHONPATH=shared .venv/bin/python -m operate event-source --stack "$(STACK)" --organization "$(ORGANIZATION)" --source "$(SOURCE)" $(if $(WITHDRAW),--withdraw)

organizations: .venv/.ready ## List the organizations that began with first-key (STACK=tributary).
	@PYTHONPATH=shared .venv/bin/python -m operate organizations --stack "$(STACK)"

statistics: .venv/.ready ## Close the hours of the past again: make statistics FROM=2026-11-01 (TO=…, ORGANIZATION=…, STACK=tributary).
	@PYTHONPATH=shared .venv/bin/python -m operate statistics --stack "$(STACK)" --from "$(FROM)" $(if $(TO),--to "$(TO)") $(if $(ORGANIZATION),--organization "$(ORGANIZATION)")

clean: ## Remove environments, builds and caches.
	rm -rf .venv .local .aws-sam .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# In parallel, since most of the first run is unpacking.
environments:
	@$(MAKE) --no-print-directory --jobs=2 .venv/.ready .local/emulator/.ready

.venv/.ready: requirements-dev.txt layers/dependencies/requirements.txt
.local/emulator/.ready: local/requirements.txt
.local/sam/.ready: requirements-build.txt

# An environment without a working pip is recreated; one command installs all pins, so that they are resolved together.
.venv/.ready .local/emulator/.ready .local/sam/.ready: %/.ready:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Tributary needs Python 3.11 or later, and '$(PYTHON)' is not. Name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$*/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $*
	@echo "Installing $< into $*"
	@$*/bin/python -m pip install --quiet --no-compile --disable-pip-version-check --requirement $<
	@touch $@

.PHONY: help environments run stop listen hook invoke test storm bench check openapi build lock republish redrive first-key event-source organizations statistics clean
