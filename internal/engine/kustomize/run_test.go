package kustomize

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/reconciletest"
)

func TestPhase(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spec, message, want string
		applied             bool
	}{
		"Building":  {`{wait: true}`, "Building manifests", "Building manifests", false},
		"WaitsAll":  {`{wait: true}`, "Running health checks for revision x", "Running health checks for revision x; it waits for all 2 objects that it applies", true},
		"WaitsSome": {`{healthChecks: [{kind: A, name: a}, {kind: B, name: b}, {kind: C, name: c}, {kind: D, name: d}]}`, "Running health checks for revision x", "Running health checks for revision x; it waits for A a, B b, C c, 1 more", true},
		"WaitsNone": {`{}`, "Running health checks for revision x", "Running health checks for revision x", true},
	} {
		o := reconciletest.Object(t, `{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: a}, spec: `+c.spec+`, status: {inventory: {entries: [{id: n_a__ConfigMap}, {id: n_b__ConfigMap}]}, conditions: [{type: Reconciling, status: "True", message: "`+c.message+`"}]}}`)
		if doing, applied := (Engine{}).Phase(o.Body); doing != c.want || applied != c.applied {
			t.Errorf("%s: %q, %v, want %q, %v", name, doing, applied, c.want, c.applied)
		}
	}
}

func TestRunTime(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]time.Duration{
		`{}`:                           5 * time.Minute,
		`{interval: 10m}`:              10 * time.Minute,
		`{interval: 10m, timeout: 1m}`: time.Minute,
	} {
		o := reconciletest.Object(t, `{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: a}, spec: `+spec+`}`)
		if got := (Engine{}).RunTime(o.Body); got != want {
			t.Errorf("%s: %s, want %s", spec, got, want)
		}
	}
}
