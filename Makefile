# Short names for the project's own commands; python3 -m app --help lists them.
.PHONY: demo run test check cover readers format doctor lock

demo run test check cover readers format doctor:
	python3 -m app $@

# Needs uv. Reads the requirements in setup.cfg and writes the lock files, without any address in them.
LOCK = uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	--no-annotate --no-emit-index-url --no-emit-find-links --quiet $(LOCK_FLAGS)
lock:
	$(LOCK) setup.cfg --output-file requirements.lock
	$(LOCK) setup.cfg --extra test --constraints requirements.lock --output-file requirements-test.lock
	$(LOCK) requirements-readers-built.in --no-deps --output-file requirements-readers-built.lock
	$(LOCK) requirements-readers.in --constraints requirements-readers-built.lock \
		--no-emit-package odfpy --no-emit-package zc-zlibstorage --output-file requirements-readers.lock
	rm -rf saluran.egg-info
