package helm_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
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

// byHelm has the HelmRelease greeter deliver the component. Its chart comes from where it is told.
func byHelm(w assesstest.World, chart, release string) {
	w.T.Helper()
	w.TakeOver(assesstest.FluxLabels(kinds.FluxHelm, "greeter"))
	w.PutYAML(chart)
	w.PutYAML(`
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: greeter
  namespace: shop
  generation: 2
  creationTimestamp: "2026-01-01T00:00:00Z"
` + strings.TrimPrefix(release, "\n"))
}

const (
	fromRepository = `
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata: {name: shop-greeter, namespace: shop}
spec: {chart: greeter, sourceRef: {kind: HelmRepository, name: charts}}
status: {artifact: {revision: 0.2.0}, conditions: [{type: Ready, status: "True"}]}
`
	helmUpgraded = `
spec: {chart: {}}
status:
  helmChart: shop/shop-greeter
  lastAttemptedRevision: 0.2.0
  history: [{status: deployed, chartName: greeter, chartVersion: 0.2.0}]
  conditions: [{type: Ready, status: "True", reason: UpgradeSucceeded, observedGeneration: 2}]
`
	helmRefused = `
spec: {chart: {}}
status:
  helmChart: shop/shop-greeter
  lastAttemptedRevision: 0.2.0
  history: [{status: failed, chartName: greeter, chartVersion: 0.2.0}, {status: deployed, chartName: greeter, chartVersion: 0.1.0}]
  conditions:
    - {type: Ready, status: "False", reason: UpgradeFailed, message: "Helm upgrade failed", observedGeneration: 2, lastTransitionTime: "2026-01-01T00:00:00Z"}
`
)

// helmTakenBack: generation 1 asked for chart 0.2.0, which was refused or rolled back, and generation 2 asks for 0.1.0 again.
const helmTakenBack = `
spec: {chart: {}}
status:
  helmChart: shop/shop-greeter
  lastAttemptedGeneration: 2
  lastAttemptedRevision: 0.1.0
  lastAttemptedConfigDigest: sha256:aa
  history: [{status: deployed, chartName: greeter, chartVersion: 0.1.0, configDigest: "sha256:aa"}]
  conditions:
    - {type: Ready, status: "False", reason: UpgradeFailed, message: "Helm upgrade failed", observedGeneration: 2, lastTransitionTime: "2026-01-01T00:00:00Z"}
    - {type: Released, status: "False", reason: UpgradeFailed, message: "Helm upgrade failed", observedGeneration: 1, lastTransitionTime: "2026-01-01T00:00:00Z"}
`

// TestHelmFailureOutlived: a failure does not count where what runs is what the HelmRelease asked for last, and where nothing says
// otherwise.
func TestHelmFailureOutlived(t *testing.T) {
	t.Parallel()
	older := assesstest.Replaced(fromRepository, "revision: 0.2.0", "revision: 0.1.0")
	failed := assesstest.Failed(trace.RungDelivery, "", trace.CodeHelmReleaseFailed, "HelmRelease")
	healthy := assesstest.Outcome{Verdict: trace.VerdictHealthy}
	const released = `    - {type: Released, status: "False", reason: UpgradeFailed`
	for name, c := range map[string]struct {
		pairs   []string
		want    assesstest.Outcome
		current trace.Currency
	}{
		"Refused": {nil, healthy, trace.Current},
		"RolledBack": {[]string{
			released, `    - {type: Remediated, status: "True", reason: RollbackSucceeded`, "reason: UpgradeFailed", "reason: RollbackSucceeded",
		}, healthy, trace.Current},
		"OtherVersionAttempted":    {[]string{"lastAttemptedRevision: 0.1.0", "lastAttemptedRevision: 0.2.0"}, failed, trace.CurrencyUnknown},
		"OtherValuesAttempted":     {[]string{"lastAttemptedConfigDigest: sha256:aa", "lastAttemptedConfigDigest: sha256:bb"}, failed, trace.CurrencyUnknown},
		"ValuesUnknown":            {[]string{"lastAttemptedConfigDigest: sha256:aa", "lastAttemptedConfigDigest: \"\"", `configDigest: "sha256:aa"`, `configDigest: ""`}, failed, trace.CurrencyUnknown},
		"GenerationNotAttempted":   {[]string{"lastAttemptedGeneration: 2", "lastAttemptedGeneration: 1"}, failed, trace.CurrencyUnknown},
		"NewestReleaseFailed":      {[]string{"status: deployed", "status: failed"}, failed, trace.CurrencyUnknown},
		"NoHistory":                {[]string{`[{status: deployed, chartName: greeter, chartVersion: 0.1.0, configDigest: "sha256:aa"}]`, "[]"}, failed, trace.CurrencyUnknown},
		"OtherFailureSince":        {[]string{`status: "False", reason: UpgradeFailed, message: "Helm upgrade failed", observedGeneration: 2`, `status: "False", reason: ValuesError, message: no, observedGeneration: 2`}, failed, trace.CurrencyUnknown},
		"Stalled":                  {[]string{released, "    - {type: Stalled, status: \"True\", reason: RetriesExceeded, observedGeneration: 2, lastTransitionTime: \"2026-01-01T00:00:00Z\"}\n" + released}, failed, trace.CurrencyUnknown},
		"StalledEarlier":           {[]string{released, "    - {type: Stalled, status: \"True\", reason: RetriesExceeded, observedGeneration: 1, lastTransitionTime: \"2026-01-01T00:00:00Z\"}\n" + released}, healthy, trace.Current},
		"TestFailed":               {[]string{released, "    - {type: TestSuccess, status: \"False\", reason: TestFailed, observedGeneration: 2}\n" + released}, failed, trace.CurrencyUnknown},
		"PostRendered":             {[]string{"{chart: {}}", "{chart: {}, postRenderers: [{kustomize: {}}]}"}, healthy, trace.Current},
		"PostRenderersRefused":     {[]string{"{chart: {}}", "{chart: {}, postRenderers: [{kustomize: {}}]}", "observedGeneration: 1", "observedGeneration: 2"}, failed, trace.CurrencyUnknown},
		"PostRenderersTakenAway":   {[]string{"status:\n", "status:\n  observedPostRenderersDigest: sha256:dd\n", "observedGeneration: 1", "observedGeneration: 2"}, failed, trace.CurrencyUnknown},
		"ValuesTakenBackElsewhere": {[]string{"observedGeneration: 1", "observedGeneration: 2"}, healthy, trace.Current},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			engineCase{helm(older, assesstest.Replaced(helmTakenBack, c.pairs...)), c.want, c.current, "HelmRelease"}.check(t)
		})
	}
	t.Run("OlderThanTheChart", func(t *testing.T) {
		t.Parallel()
		engineCase{helm(fromRepository, helmTakenBack), healthy, trace.Behind, "HelmRelease greeter"}.check(t)
	})
}

func chartRepository(w assesstest.World) {
	w.PutYAML(`{apiVersion: source.toolkit.fluxcd.io/v1, kind: HelmRepository, metadata: {name: charts, namespace: shop}, status: {artifact: {revision: "sha256:01"}, conditions: [{type: Ready, status: "True"}]}}`)
}

func helm(chart, release string) func(assesstest.World) {
	return func(w assesstest.World) {
		chartRepository(w)
		byHelm(w, chart, release)
	}
}

func TestHelmReleases(t *testing.T) {
	t.Parallel()
	inGit := assesstest.Replaced(fromRepository, "{kind: HelmRepository, name: charts}", "{kind: GitRepository, name: oc-healthy, namespace: flux-system}", "name: shop-greeter, namespace: shop", "name: shop-greeter, namespace: flux-system")
	ofGit := func(release string) string {
		return assesstest.Replaced(release, "shop/shop-greeter", "flux-system/shop-greeter")
	}
	wantedCommit := func(change func(assesstest.World)) func(assesstest.World) {
		return func(w assesstest.World) {
			applied := kinds.Commit(engines.All().Revision(w.One("Kustomization", "-projects")))
			w.Wanted = facts.Revision{Text: "main", Commit: applied, From: facts.FromClone}
			change(w)
		}
	}
	failed := assesstest.Failed(trace.RungDelivery, "", trace.CodeHelmReleaseFailed, "HelmRelease")
	paused := assesstest.Failed(trace.RungDelivery, "", trace.CodeApplierPaused, "HelmRelease")
	suspended := []string{"spec: {", "spec: {suspend: true, "}
	for name, c := range map[string]engineCase{
		"Installed":           {helm(fromRepository, helmUpgraded), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current, "HelmRelease greeter"},
		"OfAnOlderChart":      {helm(assesstest.Replaced(fromRepository, "revision: 0.2.0", "revision: 0.3.0"), helmUpgraded), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Behind, "HelmRelease greeter"},
		"NoPromiseOfACommit":  {wantedCommit(helm(fromRepository, helmUpgraded)), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.CurrencyUnknown, "HelmRelease greeter"},
		"ChartInGit":          {wantedCommit(helm(inGit, ofGit(helmUpgraded))), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.CurrencyUnknown, "HelmRelease greeter"},
		"Suspended":           {helm(fromRepository, assesstest.Replaced(helmUpgraded, suspended...)), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current, "has spec.suspend: true"},
		"SuspendedAndBehind":  {helm(assesstest.Replaced(fromRepository, "revision: 0.2.0", "revision: 0.3.0"), assesstest.Replaced(helmUpgraded, suspended...)), paused, trace.Behind, "it stays at 0.2.0"},
		"Failed":              {helm(fromRepository, helmRefused), failed, trace.CurrencyUnknown, "chart greeter@0.1.0 runs"},
		"FailedAndSuspended":  {helm(fromRepository, assesstest.Replaced(helmRefused, suspended...)), failed, trace.CurrencyUnknown, "has spec.suspend: true"},
		"NeverInstalled":      {helm(fromRepository, assesstest.Replaced(helmRefused, "status: deployed", "status: failed")), failed, trace.CurrencyUnknown, "the chart was never installed"},
		"GenerationNotLooked": {helm(fromRepository, assesstest.Replaced(helmUpgraded, "observedGeneration: 2", "observedGeneration: 1, lastTransitionTime: \"2026-01-01T00:00:00Z\"")), assesstest.Failed(trace.RungDelivery, "", trace.CodeGenerationNotObserved, "HelmRelease"), trace.CurrencyUnknown, "generation 2"},
		"AnotherRunTakesOver": {helm(fromRepository, assesstest.Replaced(helmRefused, "UpgradeFailed", "HealthCheckCanceled")), assesstest.Failed(trace.RungDelivery, "", trace.CodeDeliveryStuck, "HelmRelease"), trace.CurrencyUnknown, "no run has followed"},
		"ChartMissing":        {helm(fromRepository, assesstest.Replaced(helmRefused, "UpgradeFailed", "SourceNotReady")), failed, trace.CurrencyUnknown, "waits for its source"},
		"ProjectFails": {func(w assesstest.World) {
			helm(fromRepository, helmUpgraded)(w)
			w.Condition(w.Projects(), time.Hour, "Ready", "False", "BuildFailed", "kustomize build failed: no")
		}, assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current, "kustomize build failed"},
		"DeliversItself": {helm(fromRepository, "  labels: {helm.toolkit.fluxcd.io/name: greeter, helm.toolkit.fluxcd.io/namespace: shop}"+helmUpgraded), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current, "HelmRelease greeter"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}

// TestHelmReleaseInGit: what a HelmRelease is at, its Kustomization says, as long as the chart says nothing else.
func TestHelmReleaseInGit(t *testing.T) {
	t.Parallel()
	const inGit = "  labels: {kustomize.toolkit.fluxcd.io/name: oc-healthy-projects, kustomize.toolkit.fluxcd.io/namespace: flux-system}"
	artifact := func(digest, origin string) string {
		return `{apiVersion: source.toolkit.fluxcd.io/v1, kind: OCIRepository, metadata: {name: greeter, namespace: shop}, status: {artifact: {revision: "0.2.0@sha256:` + digest + `", metadata: {org.opencontainers.image.revision: "` + origin + `"}}, conditions: [{type: Ready, status: "True"}]}}`
	}
	release := inGit + assesstest.Replaced(helmUpgraded, "spec: {chart: {}}", "spec: {chartRef: {kind: OCIRepository, name: greeter}}", "lastAttemptedRevision: 0.2.0\n", "lastAttemptedRevision: 0.2.0+0a0a\n  lastAttemptedRevisionDigest: sha256:0a0a\n")
	for name, c := range map[string]engineCase{
		"FromARepository": {helm(fromRepository, inGit+helmUpgraded), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current, "HelmRelease greeter"},
		"FromARegistry":   {helm(artifact("0a0a", ""), release), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current, "HelmRelease greeter"},
		"MadeElsewhere":   {helm(artifact("0a0a", "main@sha1:"+strings.Repeat("ab", 20)), release), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current, "HelmRelease greeter"},
		"OfAnotherDigest": {helm(artifact("0b0b", ""), release), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Behind, "HelmRelease greeter"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}
