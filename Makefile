# The README's two commands, and a release.
.PHONY: crawl test release

crawl:
	python3 -m venv .venv && .venv/bin/pip install -q --no-deps --require-hashes -r constraints.txt && .venv/bin/scrapy crawl news -o articles.jsonl

test:
	python3 -m venv .venv && .venv/bin/pip install -q --require-hashes -r constraints-uv.txt && .venv/bin/uv pip install -q --python .venv --no-deps --require-hashes -r constraints-test.txt && .venv/bin/python -m pytest -n auto

release:
	rm -rf dist && .venv/bin/python -m build && .venv/bin/twine check --strict dist/* && .venv/bin/cyclonedx-py requirements constraints.txt --pyproject pyproject.toml --output-reproducible -o dist/copydesk-sbom.json
