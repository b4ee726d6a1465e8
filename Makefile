# Short names for the project's own commands; python3 -m app --help lists them.
.PHONY: demo run test check cover format doctor lock

demo run test check cover format doctor:
	python3 -m app $@

# Needs uv. Reads the requirements in setup.cfg and writes both lock files, without any address in them.
LOCK = uv pip compile setup.cfg --universal --python-version 3.11 --generate-hashes --no-header \
	--no-annotate --no-emit-index-url --no-emit-find-links --quiet $(LOCK_FLAGS)
lock:
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra test --constraints requirements.lock --output-file requirements-test.lock
	rm -rf saluran.egg-info
