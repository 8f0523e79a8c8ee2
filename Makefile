# SPDX-License-Identifier: Apache-2.0
# A new package is one word in one of these lists.
LIBRARIES = NetlinkCore NetlinkRoute NetlinkTC NetlinkGeneric NetlinkEvents NetlinkSockDiag NetlinkTunTap
# Commands: tools/NAME builds the program NAME.
COMMANDS = ip tc wg ss
TOOL_PACKAGES = tools/CommandKit $(COMMANDS:%=tools/%)

PREFIX = /usr/local
PROGRAM_PREFIX =
SWIFT ?= swift
TEST_PHASES = unit integration sanitizers fuzz

# One scratch path for all packages, so that a layer is compiled once. Without the second flag SwiftPM silently builds
# the package before.
SCRATCH = $(CURDIR)/.build
SWIFT_BUILD = $(SWIFT) build --scratch-path "$(SCRATCH)" --disable-build-manifest-caching
# What a short command takes is mostly page faults. Metadata of types is reached without names, which the runtime would look
# up through all conformances, and what commands touch first lies together, in the order that tools/startup/record wrote.
RELEASE = -c release -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors \
	-Xswiftc -Xfrontend -Xswiftc -function-sections
# The linker that can order comes with the toolchain; with another the commands only start slower.
ifneq ($(wildcard $(dir $(realpath $(shell command -v $(SWIFT))))ld.lld),)
RELEASE += -Xswiftc -use-ld=lld -Xlinker "--symbol-ordering-file=$(CURDIR)/tools/startup/order" -Xlinker --no-warn-symbol-ordering
endif
CHECKS = "$(SCRATCH)/debug/netlink-checks" --root "$(CURDIR)" --libraries "$(LIBRARIES)" --tools "$(TOOL_PACKAGES)"

export NETLINK_WARNINGS_AS_ERRORS = 1
export LIBRARIES TOOL_PACKAGES SWIFT
# Recipes run in several directories: relative paths of the caller's are relative to where make was started.
ifdef TEST_KERNEL
export TEST_KERNEL := $(or $(realpath $(TEST_KERNEL)),$(TEST_KERNEL))
endif
ifdef KERNEL_HEADERS
export KERNEL_HEADERS := $(or $(realpath $(KERNEL_HEADERS)),$(KERNEL_HEADERS))
endif

.NOTPARALLEL:
.PHONY: all helpers $(COMMANDS) sodium demo test test-unit test-integration test-sanitizers test-fuzz check checks libraries names api \
	bench compare soak docs split-check install kernel clean help

all: $(COMMANDS)

# Release, static, stripped where there is something to strip with; the unstripped program stays in .build/release.
$(COMMANDS):
	cd tools/$@ && $(SWIFT_BUILD) $(RELEASE) --product $@
	@mkdir -p build
	@if command -v llvm-strip > /dev/null; then llvm-strip -o build/$@ "$(SCRATCH)/release/$@"; \
	elif command -v strip > /dev/null; then strip -o build/$@ "$(SCRATCH)/release/$@"; \
	else cp "$(SCRATCH)/release/$@" build/$@; fi

# wg alone needs something beyond the toolchain, and so do its tests (run-tests sees to that).
wg: sodium
sodium:
	tools/wg/sodium

# What opens sockets for the comparison and the benchmark, and what answers to questions for names.
helpers:
	cd tools/ss && $(SWIFT_BUILD) $(RELEASE) --product open-sockets
	cd tools/CommandKit && $(SWIFT_BUILD) $(RELEASE) --product answer-names
	@mkdir -p build/helpers
	cp "$(SCRATCH)/release/open-sockets" "$(SCRATCH)/release/answer-names" build/helpers/

demo: all
	tools/demo/demo

test:
	tools/checks/run-tests $(TEST_PHASES)

test-unit test-integration test-sanitizers test-fuzz:
	tools/checks/run-tests $(@:test-%=%)

check: checks libraries
	$(CHECKS) all

checks:
	cd tools/checks && $(SWIFT_BUILD)

libraries:
	@set -e; for package in $(LIBRARIES); do (set -x; cd $$package && $(SWIFT_BUILD)); done

names: checks
	$(CHECKS) --write names

api: checks libraries
	$(CHECKS) --write api

docs: checks libraries
	rm -rf build/docs
	$(CHECKS) --output build/docs docs

bench: all helpers
	cd tools/bench && $(SWIFT_BUILD) $(RELEASE)
	tools/bench/run

compare: all helpers
	tools/compare/run $(if $(REFERENCE),"$(REFERENCE)")

soak:
	tools/fuzz/soak

split-check:
	tools/split-check/run

install: all
	install -d "$(DESTDIR)$(PREFIX)/bin"
	@set -e; for command in $(COMMANDS); do \
	    install -m 755 build/$$command "$(DESTDIR)$(PREFIX)/bin/$(PROGRAM_PREFIX)$$command"; \
	    echo "$(DESTDIR)$(PREFIX)/bin/$(PROGRAM_PREFIX)$$command"; done

kernel:
	tools/testkernel/make-kernel

clean:
	rm -rf build .build .build-*

help:
	@echo 'make               every command, release and static, into build/: $(COMMANDS)'
	@echo 'make demo          builds a small network in a namespace of its own and shows it; needs no root'
	@echo 'make test          all tests; test-unit, test-integration, test-sanitizers, test-fuzz are its parts'
	@echo '                   TEST_KERNEL=FILE: the kernel to test on; NETLINK_NO_SKIPS=1: a skipped test fails'
	@echo 'make check         format, house rules, version, kernel numbers, generated names, public API, documentation'
	@echo '                   KERNEL_HEADERS=DIR: headers to judge numbers by, beside the installed ones'
	@echo 'make names, api    write the files that make check compares'
	@echo 'make bench         measures, on the running kernel'
	@echo 'make compare       our commands against iproute2 6.15; REFERENCE=DIR: where that is'
	@echo 'make soak          dumps under churn ten thousand times, then fuzzes for an hour'
	@echo 'make docs          documentation of the libraries, into build/docs'
	@echo 'make split-check   publishes every layer into temporary repositories and builds a client of them'
	@echo 'make install       PREFIX=$(PREFIX), PROGRAM_PREFIX=$(PROGRAM_PREFIX) (so nl- installs nl-ip), DESTDIR='
	@echo 'make kernel        builds the test kernel from the distribution'"'"'s kernel source, once'
	@echo 'make clean         removes what was built, but the test kernel'
