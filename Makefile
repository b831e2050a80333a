SHELL := /bin/bash
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/kubectl-choreo
LINT_VERSION := v2.8.0
LINT := $(CACHE)/golangci-lint-$(LINT_VERSION)
GORELEASER_VERSION := v2.16.0
GORELEASER := $(CACHE)/goreleaser-$(GORELEASER_VERSION)
KREW_VERSION := v0.5.0
KREW := $(CACHE)/krew-$(KREW_VERSION)
FUZZTIME ?= 10m
# That of the lab, where it was built.
KUBECTL ?= $(firstword $(wildcard $(CACHE)/lab/kubernetes-*/kubectl))
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null)
COMMIT := $(shell git rev-parse HEAD 2>/dev/null)
DATE := $(shell TZ=UTC git show -s --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ HEAD 2>/dev/null)
BUILD := github.com/kubectl-choreo/kubectl-choreo/internal/version
LDFLAGS := -s -w -X $(BUILD).Version=$(VERSION) -X $(BUILD).Commit=$(COMMIT) -X $(BUILD).Date=$(DATE)
# A program with the race detector sleeps a second before it ends, unless it is given less. The end-to-end tests start hundreds.
export GORACE ?= atexit_sleep_ms=20
# Tests of all scenarios without concurrency, in files with "go:build !race": the race detector would find nothing, for minutes. The build flags
# are those of make lint, which has compiled the same.
SEQUENTIAL := TestEvals|TestOutputIsSteady|TestTimesAreUTC|TestMaskTime|TestMutationsAreNoHealthier|TestDocumentedRights|TestExamples|TestHostileNamesInCommands|TestOneRolePerCommand|TestRowsNameTheirFault|TestOrigins|TestEveryScenario|TestKstatus|TestRecordings
# End-to-end tests that freeze or stop a part of their lab: one after the other, and each waits minutes for what a cluster then says.
OUTAGES := TestFrozenControllers|TestFrozenAgent|TestReconcileOutage|TestVerifyAcrossRestart|TestWatchAcrossRestart
E2E = cd test/lab/e2e && go test -race -count=1 -timeout 65m -parallel $(PARALLEL) .
LAB := cd test/lab && CGO_ENABLED=0 go run -trimpath ./cmd/lab
SCENARIO ?= pod-image-pull
# Scenarios that wait for the same controllers: more of them at once than the machine bears only make each other late.
PARALLEL ?= $(shell echo $$(( 3 * $$(nproc) < 8 ? 3 * $$(nproc) : 8 )))

.PHONY: help build install demo test fuzz fuzz-short browser lint fmt golden schemas verify dist dist-test image image-test lab-build lab-up lab-down lab-status e2e e2e-outages e2e-rest e2e-operators record bench ci

help: ## list what can be made
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

build: ## build bin/kubectl-choreo
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/kubectl-choreo ./cmd/kubectl-choreo

install: ## install kubectl-choreo where go install puts programs, so that kubectl finds it on the PATH
	CGO_ENABLED=0 go install -trimpath -ldflags '$(LDFLAGS)' ./cmd/kubectl-choreo

demo: build ## trace a recorded, failing component, without a cluster (SCENARIO=name chooses another)
	@bin/kubectl-choreo trace --snapshot testdata/scenarios/$(SCENARIO)/snapshot.yaml; code=$$?; echo; echo "exit code $$code"; test $$code -ne 1

test: ## run all tests that need no cluster: units and recorded scenarios
	go test -race -timeout 30m ./...
	CGO_ENABLED=0 go test -trimpath -run '^($(SEQUENTIAL))$$' ./cmd/kubectl-choreo ./internal/assess/health ./internal/cli ./internal/collect ./internal/compare ./internal/mask ./internal/openchoreoapi ./pkg/assess
	cd test/library && go test -race .
	cd test/lab && go test -race . ./admission/... ./gitops/... ./kwok/... ./proxy/...

fuzz: ## run every fuzz test for FUZZTIME (10m), as many at a time as there are processors
	FUZZTIME=$(FUZZTIME) bash .ci/fuzz

fuzz-short: ## run every fuzz test for 10 s, as CI does
	FUZZTIME=10s bash .ci/fuzz

browser: ## open the page of trace -o html in a real Chromium, if there is one
	cd test/browser && go test -count=1 .

lint: export CGO_ENABLED = 0
lint: export GOFLAGS += -trimpath
lint: $(LINT) ## run the linters
	$(LINT) run ./...
	cd test/browser && $(LINT) run --config ../../.golangci.yml ./...
	cd test/library && $(LINT) run --config ../../.golangci.yml ./...
	cd test/lab && $(LINT) run --config ../../.golangci.yml ./...

$(LINT):
	mkdir -p $(@D)
	cd tools/lint && CGO_ENABLED=0 go build -trimpath -o $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

fmt: $(LINT) ## format the sources
	$(LINT) fmt ./...
	cd test/browser && $(LINT) fmt --config ../../.golangci.yml ./...
	cd test/lab && $(LINT) fmt --config ../../.golangci.yml ./...

golden: ## regenerate the expected outputs; read the difference before you commit it
	go test ./internal/cli ./docs/findings -update

schemas: ## regenerate the schemas of the kinds of OpenChoreo, Flux and Argo CD from their Go modules
	CGO_ENABLED=0 go build -trimpath -o bin/generate-schemas ./internal/schemas/generate
	cd tools/schemas && GOTOOLCHAIN=go1.27.3 ../../bin/generate-schemas ../../internal/schemas

verify: ## check that modules are tidy and sources are formatted
	go mod tidy -diff
	cd test/lab && go mod tidy -diff
	cd test/browser && go mod tidy -diff
	cd test/library && go mod tidy -diff
	@test -z "$$(gofmt -l cmd deploy docs internal pkg release test)" || { gofmt -l cmd deploy docs internal pkg release test; exit 1; }

dist: $(GORELEASER) ## build the archives of all platforms and the manifests for krew and Flux into dist/, unsigned
	$(GORELEASER) check
	$(GORELEASER) release --snapshot --clean --skip=sbom,sign,ko
	mkdir dist/krew dist/flux
	CGO_ENABLED=0 go run -trimpath ./release krew.yaml <$$(ls dist/*_checksums.txt) >dist/krew/choreo.yaml
	CGO_ENABLED=0 go run -trimpath ./release release/flux.yaml <$$(ls dist/*_checksums.txt) >dist/flux/choreo.yaml

image: $(GORELEASER) ## build the container image of the last commit, as a release does, into dist/image (OCI layout); it pushes nothing (BASE=reference replaces the base image)
	cd tools/goreleaser && CGO_ENABLED=0 go run -trimpath ./image -goreleaser $(GORELEASER) -C ../.. -base '$(BASE)' -to ../../dist/image

image-test: $(GORELEASER) ## build the image twice, without a network, and compare; look into it and run its program
	cd tools/goreleaser && GORELEASER=$(GORELEASER) go test -count=1 -timeout 30m -v ./image

dist-test: $(GORELEASER) $(KREW)/krew ## build the archives of the last commit twice and compare; install them with krew and as flux does (PLATFORMS=once builds again for this platform only, PLATFORMS=host builds no other)
	$(GORELEASER) check
	PLATFORMS=$(PLATFORMS) GORELEASER=$(GORELEASER) KREW=$(KREW) KUBECTL=$(KUBECTL) go test -count=1 -timeout 30m -v -run '^TestArchives$$' ./release

$(GORELEASER): # six to eight minutes on two cores
	mkdir -p $(@D)
	cd tools/goreleaser && CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o $@ github.com/goreleaser/goreleaser/v2

$(KREW)/krew:
	mkdir -p $(@D)
	cd tools/krew && CGO_ENABLED=0 go build -trimpath -o $(@D)/ sigs.k8s.io/krew/cmd/validate-krew-manifest sigs.k8s.io/krew/cmd/krew

lab-build: ## build the programs of the lab that are missing
	$(LAB) build $(ARGS)

lab-up: ## start the lab: Kubernetes, Flux and OpenChoreo on this machine (ARGS="--remote-plane" adds a cluster)
	$(LAB) up $(ARGS)

lab-down: ## stop the lab
	$(LAB) down $(ARGS)

lab-status: ## print which parts of the lab run
	$(LAB) status $(ARGS)

e2e: ## run the end-to-end tests, in a lab of their own
	$(E2E) $(ARGS)

e2e-outages: ## run the end-to-end tests that freeze or stop a part of the lab, in a lab of their own
	$(E2E) -run '^($(OUTAGES))$$'

e2e-rest: ## run the other end-to-end tests
	$(E2E) -skip '^($(OUTAGES))$$'

e2e-operators: ## run the operators of other systems in a lab of their own, break what they run, and trace it (ARGS=-record keeps the snapshots)
	cd test/lab/operators && go test -race -count=1 -timeout 120m -parallel $(PARALLEL) . $(ARGS)

record: ## record the scenarios again from a lab, then the expected outputs
	cd test/lab/e2e && go test -race -count=1 -timeout 45m -parallel $(PARALLEL) . -record
	$(MAKE) golden

bench: build ## measure requests, depth, bytes, time and memory, in a lab and against a large cluster in memory
	go test -count=1 -run '^TestMeasureLargeCluster' -v ./internal/cli -measure
	cd test/lab/e2e && go test -count=1 -timeout 30m -run '^TestMeasure' -v . -measure

ci: ## run what CI runs
	bash .ci/run
