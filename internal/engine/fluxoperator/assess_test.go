package fluxoperator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// engineCase is a case of this package, so that its literals need no keys.
type engineCase assesstest.EngineCase

func (c engineCase) check(t *testing.T) {
	t.Helper()
	assesstest.EngineCase(c).Check(t, assess.Assess)
}

func TestOperatorKinds(t *testing.T) {
	t.Parallel()
	set := func(conditions string) func(assesstest.World) {
		return func(w assesstest.World) {
			w.TakeOver(assesstest.FluxLabels("resourceset."+kinds.FluxOperator, "greeters"))
			w.PutYAML(`{apiVersion: fluxcd.controlplane.io/v1, kind: ResourceSet, metadata: {name: greeters, namespace: shop, generation: 1}, status: {conditions: [` + conditions + `]}}`)
		}
	}
	const fails = `{type: Ready, status: "False", reason: REASON, lastTransitionTime: "2026-01-01T00:00:00Z", message: 'MESSAGE'}`
	failed := func(reason, message string) func(assesstest.World) {
		return set(assesstest.Replaced(fails, "REASON", reason, "MESSAGE", message))
	}
	broken := assesstest.Failed(trace.RungDelivery, "", trace.CodeResourceSetFailed, "ResourceSet")
	for name, c := range map[string]engineCase{
		"Ready": {set(`{type: Ready, status: "True", observedGeneration: 1}`), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.CurrencyUnknown, "none: ResourceSet greeters has no source"},
		"ReadyButAsked": {func(w assesstest.World) {
			set(`{type: Ready, status: "True", observedGeneration: 1}`)(w)
			w.Wanted = facts.Revision{Text: "main", Commit: strings.Repeat("ab", 20), From: facts.FromFlag}
		}, assesstest.Outcome{Verdict: trace.VerdictUnknown}, trace.CurrencyUnknown, "its revision is unknown"},
		"Refused":   {failed("ReconciliationFailed", "reconciliation failed: Component/healthy/other dry-run failed (Invalid): no"), broken, trace.CurrencyUnknown, "nothing of this ResourceSet is applied"},
		"NotBuilt":  {failed("BuildFailed", "build failed: no such input"), broken, trace.CurrencyUnknown, "flux-operator does not retry until the ResourceSet changes"},
		"NoWebhook": {failed("ReconciliationFailed", `reconciliation failed: Component/healthy/greeter-service dry-run failed: failed calling webhook "x.openchoreo.dev": no`), assesstest.Failed(trace.RungDelivery, "", trace.CodeWebhookUnavailable, "ResourceSet"), trace.CurrencyUnknown, "does not respond"},
		"NotThere":  {func(w assesstest.World) { set("")(w); w.Answer(w.One("ResourceSet", "greeters"), facts.Absent) }, assesstest.Failed(trace.RungDelivery, "", trace.CodeApplierNotFound, "ResourceSet"), trace.CurrencyUnknown, "labels on the objects name this ResourceSet"},
		"NotSeen":   {func(w assesstest.World) { set("")(w); w.Answer(w.One("ResourceSet", "greeters"), facts.Forbidden) }, assesstest.Outcome{Verdict: trace.VerdictUnknown}, trace.CurrencyUnknown, "forbidden"},
		"Waits":     {failed("DependencyNotReady", "Retrying dependency check: dependency v1/Namespace/x not found: no"), assesstest.Failed(trace.RungDelivery, "", trace.CodeDependencyNotReady, "ResourceSet"), trace.CurrencyUnknown, "spec.dependsOn of the ResourceSet names an object that does not exist, so it waits without limit"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}

const setApplied = `
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: greeters, namespace: shop, generation: 3, labels: {kustomize.toolkit.fluxcd.io/name: oc-healthy-projects, kustomize.toolkit.fluxcd.io/namespace: flux-system}}
status:
  lastAppliedRevision: sha256:aa
  history: [{digest: "sha256:aa", lastReconciledStatus: ReconciliationSucceeded, firstReconciled: T-3h, lastReconciled: T-1h}]
  conditions: [{type: Ready, status: Unknown, reason: Progressing, message: Reconciliation in progress, observedGeneration: 3, lastTransitionTime: T-1s}]
`

const fluxInstance = `
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: shop, generation: 3}
status:
  lastAttemptedRevision: v2.9.4@sha256:aa
  lastAppliedRevision: v2.9.4@sha256:aa
  history: [{digest: "sha256:aa", lastReconciledStatus: ReconciliationSucceeded, lastReconciled: T-1h}]
  conditions: [{type: Ready, status: Unknown, reason: Progressing, message: Reconciliation in progress, observedGeneration: 3, lastTransitionTime: T-1s}]
`

const artifactWarning = `{apiVersion: v1, kind: Event, metadata: {name: w, namespace: shop}, type: Warning, reason: ArtifactFailed, message: no, lastTimestamp: AT, involvedObject: {kind: FluxInstance, namespace: shop, name: flux}}`

// TestOperatorKindRuns: the Flux operator says Ready=Unknown at every interval, also where it has nothing to do.
func TestOperatorKindRuns(t *testing.T) {
	t.Parallel()
	at := func(w assesstest.World, text string) string {
		for _, age := range []string{"1s", "2s", "1h", "2h", "3h"} {
			d, err := time.ParseDuration(age)
			if err != nil {
				t.Fatal(err)
			}
			text = strings.ReplaceAll(text, "T-"+age, `"`+w.TakenAt.Add(-d).UTC().Format(time.RFC3339)+`"`)
		}
		return text
	}
	// parent is the history of the Kustomization that applies the ResourceSet.
	type run struct{ digest, first, last string }
	bySet := func(text string, parent []run, pairs ...string) func(w assesstest.World) {
		return func(w assesstest.World) {
			w.TakeOver(assesstest.FluxLabels("resourceset."+kinds.FluxOperator, "greeters"))
			history := []any{}
			for _, r := range parent {
				history = append(history, map[string]any{"digest": r.digest, "firstReconciled": strings.Trim(at(w, r.first), `"`), "lastReconciled": strings.Trim(at(w, r.last), `"`), "lastReconciledStatus": "ReconciliationSucceeded"})
			}
			w.Set(w.One("Kustomization", "-projects"), history, "status", "history")
			w.PutYAML(at(w, assesstest.Replaced(text, pairs...)))
		}
	}
	byInstance := func(age string, pairs ...string) func(w assesstest.World) {
		return func(w assesstest.World) {
			w.TakeOver(assesstest.FluxLabels(kinds.FluxOperator, "flux"))
			w.PutYAML(at(w, assesstest.Replaced(fluxInstance, pairs...)))
			if age != "" {
				w.PutYAML(at(w, assesstest.Replaced(artifactWarning, "AT", age)))
			}
		}
	}
	unchanged := []run{{"b", "T-3h", "T-1s"}}
	healthy, waits := assesstest.Outcome{Verdict: trace.VerdictHealthy}, assesstest.Outcome{Verdict: trace.VerdictProgressing}
	const set, flux, runs = "delivery: ResourceSet greeters, after 4 more", "delivery: FluxInstance flux", "Reconciliation in progress"
	for name, c := range map[string]engineCase{
		"Set":               {bySet(setApplied, unchanged), healthy, trace.Current, set},
		"SetChanged":        {bySet(setApplied, []run{{"b", "T-1s", "T-1s"}, {"a", "T-3h", "T-2s"}}), waits, trace.CurrencyUnknown, runs},
		"SetChangedBefore":  {bySet(setApplied, []run{{"b", "T-2h", "T-1s"}, {"a", "T-3h", "T-3h"}}), healthy, trace.Current, set},
		"SetChangedBack":    {bySet(setApplied, []run{{"a", "T-3h", "T-1s"}, {"b", "T-2h", "T-2s"}}), waits, trace.CurrencyUnknown, runs},
		"ParentSaysNothing": {bySet(setApplied, nil), waits, trace.CurrencyUnknown, runs},
		"NeverSucceeded":    {bySet(setApplied, unchanged, "lastReconciledStatus: ReconciliationSucceeded", "lastReconciledStatus: ReconciliationFailed"), waits, trace.CurrencyUnknown, runs},
		"NoHistory":         {bySet(setApplied, unchanged, "history: [{digest: \"sha256:aa\", lastReconciledStatus: ReconciliationSucceeded, firstReconciled: T-3h, lastReconciled: T-1h}]", "history: []"), waits, trace.CurrencyUnknown, runs},
		"OtherDigest":       {bySet(setApplied, unchanged, "lastAppliedRevision: sha256:aa", "lastAppliedRevision: sha256:bb"), waits, trace.CurrencyUnknown, runs},
		"Instance":          {byInstance(""), healthy, trace.CurrencyUnknown, flux},
		"FetchFailedSince":  {byInstance("T-2s"), waits, trace.CurrencyUnknown, runs},
		"FetchFailedBefore": {byInstance("T-2h"), healthy, trace.CurrencyUnknown, flux},
		"OtherRevision":     {byInstance("", "lastAppliedRevision: v2.9.4@sha256:aa", "lastAppliedRevision: v2.9.3@sha256:bb"), waits, trace.CurrencyUnknown, runs},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}
