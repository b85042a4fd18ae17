# The README's two commands.
.PHONY: crawl test

crawl:
	python3 -m venv .venv && .venv/bin/pip install -q --require-hashes -r constraints.txt && .venv/bin/scrapy crawl news -o articles.jsonl

test:
	python3 -m venv .venv && .venv/bin/pip install -q --require-hashes -r constraints-dev.txt && .venv/bin/python -m pytest -n auto
