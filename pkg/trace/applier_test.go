package trace

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// takeOver frees the component's own objects from their Kustomization, which keeps the project, and marks them anew.
func (w world) takeOver(mark func(o *unstructured.Unstructured)) {
	w.t.Helper()
	for _, o := range w.Objects() {
		switch {
		case o.Ref.Kind == "Kustomization":
			entries, _, _ := unstructured.NestedSlice(o.Body.Object, "status", "inventory", "entries")
			kept := []any{}
			for _, e := range entries {
				if !strings.Contains(kinds.String(e.(map[string]any), "id"), "_greeter-service") {
					kept = append(kept, e)
				}
			}
			w.set(o, kept, "status", "inventory", "entries")
		case o.Ref.Group == kinds.OpenChoreo && strings.HasPrefix(o.Ref.Name, "greeter-service") && o.Ref.Kind != "RenderedRelease":
			o.Body.SetLabels(nil)
			mark(o.Body)
		}
	}
}

// byHelm has the HelmRelease greeter deliver the component. Its chart comes from where it is told.
func (w world) byHelm(chart, release string) {
	w.t.Helper()
	w.takeOver(fluxLabels(kinds.FluxHelm, "greeter"))
	w.put(chart)
	w.put(`
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: greeter
  namespace: shop
  generation: 2
  creationTimestamp: "2026-01-01T00:00:00Z"
` + strings.TrimPrefix(release, "\n"))
}

func fluxLabels(prefix, name string) func(*unstructured.Unstructured) {
	return func(u *unstructured.Unstructured) {
		u.SetLabels(map[string]string{prefix + "/name": name, prefix + "/namespace": "shop"})
	}
}

// put adds an object of the control plane.
func (w world) put(text string) facts.Object {
	w.t.Helper()
	u := &unstructured.Unstructured{}
	asJSON, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		w.t.Fatal(err)
	}
	if err := u.UnmarshalJSON(asJSON); err != nil {
		w.t.Fatal(err)
	}
	gvk := u.GroupVersionKind()
	o := facts.Object{
		Ref:     facts.Ref{Plane: facts.Control, Group: gvk.Group, Kind: gvk.Kind, Namespace: u.GetNamespace(), Name: u.GetName()},
		Outcome: facts.Found, Body: u,
	}
	w.Put(o)
	return o
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

func chartRepository(w world) {
	w.put(`{apiVersion: source.toolkit.fluxcd.io/v1, kind: HelmRepository, metadata: {name: charts, namespace: shop}, status: {artifact: {revision: "sha256:01"}, conditions: [{type: Ready, status: "True"}]}}`)
}

func helm(chart, release string) func(world) {
	return func(w world) {
		chartRepository(w)
		w.byHelm(chart, release)
	}
}

func replaced(text string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(text)
}

type otherEngine struct {
	change  func(w world)
	want    outcome
	current Currency
	words   string // in the summary, hint or message of some rung
}

func (c otherEngine) check(t *testing.T) {
	t.Helper()
	w := healthyWorld(t)
	c.change(w)
	got := Assess(w.Snapshot, w.TakenAt)
	if diff := cmp.Diff(c.want, of(got)); diff != "" {
		t.Errorf("(-want +got)\n%s\n%s", diff, said(got))
	}
	if got.Current != c.current {
		t.Errorf("current is %v, want %v", got.Current, c.current)
	}
	all := said(got)
	for _, r := range got.Rungs {
		for _, f := range r.Findings {
			all += "\n" + string(f.Code) + ": " + f.Message
		}
	}
	if !strings.Contains(all, c.words) {
		t.Errorf("no rung says %q:\n%s", c.words, all)
	}
}

func TestHelmReleases(t *testing.T) {
	t.Parallel()
	inGit := replaced(fromRepository, "{kind: HelmRepository, name: charts}", "{kind: GitRepository, name: oc-healthy, namespace: flux-system}", "name: shop-greeter, namespace: shop", "name: shop-greeter, namespace: flux-system")
	ofGit := func(release string) string { return replaced(release, "shop/shop-greeter", "flux-system/shop-greeter") }
	wantedCommit := func(change func(world)) func(world) {
		return func(w world) {
			applied := kinds.Commit(appliedRevision(w.one("Kustomization", "-projects")))
			w.Wanted = facts.Revision{Text: "main", Commit: applied, From: facts.FromClone}
			change(w)
		}
	}
	failed := outcome{Broken, RungKustomization, "", CodeHelmReleaseFailed, "HelmRelease"}
	paused := outcome{Broken, RungKustomization, "", CodeApplierPaused, "HelmRelease"}
	suspended := []string{"spec: {", "spec: {suspend: true, "}
	for name, c := range map[string]otherEngine{
		"Installed":           {helm(fromRepository, helmUpgraded), outcome{Verdict: Healthy}, Current, "HelmRelease greeter"},
		"OfAnOlderChart":      {helm(replaced(fromRepository, "revision: 0.2.0", "revision: 0.3.0"), helmUpgraded), outcome{Verdict: Healthy}, Behind, "HelmRelease greeter"},
		"NoPromiseOfACommit":  {wantedCommit(helm(fromRepository, helmUpgraded)), outcome{Verdict: Healthy}, CurrencyUnknown, "HelmRelease greeter"},
		"ChartInGit":          {wantedCommit(helm(inGit, ofGit(helmUpgraded))), outcome{Verdict: Healthy}, CurrencyUnknown, "HelmRelease greeter"},
		"Suspended":           {helm(fromRepository, replaced(helmUpgraded, suspended...)), outcome{Verdict: Healthy}, Current, "has spec.suspend: true"},
		"SuspendedAndBehind":  {helm(replaced(fromRepository, "revision: 0.2.0", "revision: 0.3.0"), replaced(helmUpgraded, suspended...)), paused, Behind, "it stays at 0.2.0"},
		"Failed":              {helm(fromRepository, helmRefused), failed, CurrencyUnknown, "chart greeter@0.1.0 runs"},
		"FailedAndSuspended":  {helm(fromRepository, replaced(helmRefused, suspended...)), failed, CurrencyUnknown, "has spec.suspend: true"},
		"NeverInstalled":      {helm(fromRepository, replaced(helmRefused, "status: deployed", "status: failed")), failed, CurrencyUnknown, "nothing of the chart was ever installed"},
		"GenerationNotLooked": {helm(fromRepository, replaced(helmUpgraded, "observedGeneration: 2", "observedGeneration: 1, lastTransitionTime: \"2026-01-01T00:00:00Z\"")), outcome{Broken, RungKustomization, "", CodeNotObserved, "HelmRelease"}, CurrencyUnknown, "generation 2"},
		"AnotherRunTakesOver": {helm(fromRepository, replaced(helmRefused, "UpgradeFailed", "HealthCheckCanceled")), outcome{Verdict: Unsettled}, CurrencyUnknown, "HelmRelease greeter: Helm upgrade failed"},
		"ChartMissing":        {helm(fromRepository, replaced(helmRefused, "UpgradeFailed", "SourceNotReady")), failed, CurrencyUnknown, "waits for its source"},
		"DeliversItself":      {helm(fromRepository, "  labels: {helm.toolkit.fluxcd.io/name: greeter, helm.toolkit.fluxcd.io/namespace: shop}"+helmUpgraded), outcome{Verdict: Healthy}, Current, "HelmRelease greeter"},
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
	artifact := func(digest string) string {
		return `{apiVersion: source.toolkit.fluxcd.io/v1, kind: OCIRepository, metadata: {name: greeter, namespace: shop}, status: {artifact: {revision: "0.2.0@sha256:` + digest + `"}, conditions: [{type: Ready, status: "True"}]}}`
	}
	release := inGit + replaced(helmUpgraded, "spec: {chart: {}}", "spec: {chartRef: {kind: OCIRepository, name: greeter}}", "lastAttemptedRevision: 0.2.0\n", "lastAttemptedRevision: 0.2.0+0a0a\n  lastAttemptedRevisionDigest: sha256:0a0a\n")
	for name, c := range map[string]otherEngine{
		"FromARepository": {helm(fromRepository, inGit+helmUpgraded), outcome{Verdict: Healthy}, Current, "HelmRelease greeter"},
		"FromARegistry":   {helm(artifact("0a0a"), release), outcome{Verdict: Healthy}, Current, "HelmRelease greeter"},
		"OfAnotherDigest": {helm(artifact("0b0b"), release), outcome{Verdict: Healthy}, Behind, "HelmRelease greeter"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}

// TestOnlyTheProjectIsDelivered: the Kustomization of the project says nothing of a component that others apply.
func TestOnlyTheProjectIsDelivered(t *testing.T) {
	t.Parallel()
	fails := func(w world) {
		w.condition(w.one("Kustomization", "-projects"), hour, "Ready", "False", "BuildFailed", "kustomize build failed: no")
	}
	byHand := func(w world) { w.takeOver(func(*unstructured.Unstructured) {}) }
	both := func(first, second func(world)) func(world) { return func(w world) { first(w); second(w) } }
	for name, c := range map[string]otherEngine{
		"ByHand":             {byHand, outcome{Verdict: Healthy}, CurrencyUnknown, "applied by hand, only its project by oc-healthy-projects"},
		"ByHandUnderFailure": {both(byHand, fails), outcome{Verdict: Healthy}, CurrencyUnknown, "kustomize build failed"},
		"HelmUnderFailure":   {both(helm(fromRepository, helmUpgraded), fails), outcome{Verdict: Healthy}, Current, "kustomize build failed"},
		"ProjectNeverCame": {
			both(both(byHand, fails), func(w world) { w.answer(w.one("Project", "demo"), facts.Absent) }),
			outcome{Broken, RungKustomization, "", CodeKustomizationBuildFailed, "Kustomization"},
			CurrencyUnknown, "kustomize build failed",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}

func TestOperatorKinds(t *testing.T) {
	t.Parallel()
	set := func(conditions string) func(world) {
		return func(w world) {
			w.takeOver(fluxLabels("resourceset."+kinds.FluxOperator, "greeters"))
			w.put(`{apiVersion: fluxcd.controlplane.io/v1, kind: ResourceSet, metadata: {name: greeters, namespace: shop, generation: 1}, status: {conditions: [` + conditions + `]}}`)
		}
	}
	const fails = `{type: Ready, status: "False", reason: REASON, lastTransitionTime: "2026-01-01T00:00:00Z", message: 'MESSAGE'}`
	failed := func(reason, message string) func(world) {
		return set(replaced(fails, "REASON", reason, "MESSAGE", message))
	}
	broken := outcome{Broken, RungKustomization, "", CodeResourceSetFailed, "ResourceSet"}
	for name, c := range map[string]otherEngine{
		"Ready": {set(`{type: Ready, status: "True", observedGeneration: 1}`), outcome{Verdict: Healthy}, CurrencyUnknown, "none: ResourceSet greeters has no source"},
		"ReadyButAsked": {func(w world) {
			set(`{type: Ready, status: "True", observedGeneration: 1}`)(w)
			w.Wanted = facts.Revision{Text: "main", Commit: strings.Repeat("ab", 20), From: facts.FromFlag}
		}, outcome{Verdict: Undecided}, CurrencyUnknown, "nothing says which revision runs"},
		"Refused":   {failed("ReconciliationFailed", "reconciliation failed: Component/healthy/other dry-run failed (Invalid): no"), broken, CurrencyUnknown, "holds back everything in this ResourceSet"},
		"NotBuilt":  {failed("BuildFailed", "build failed: no such input"), broken, CurrencyUnknown, "it is not tried again before the ResourceSet changes"},
		"NoWebhook": {failed("ReconciliationFailed", `reconciliation failed: Component/healthy/greeter-service dry-run failed: failed calling webhook "x.openchoreo.dev": no`), outcome{Broken, RungKustomization, "", CodeWebhookUnavailable, "ResourceSet"}, CurrencyUnknown, "does not answer"},
		"NotThere":  {func(w world) { set("")(w); w.answer(w.one("ResourceSet", "greeters"), facts.Absent) }, outcome{Broken, RungKustomization, "", CodeApplierAbsent, "ResourceSet"}, CurrencyUnknown, "labels on the objects say"},
		"NotSeen":   {func(w world) { set("")(w); w.answer(w.one("ResourceSet", "greeters"), facts.Forbidden) }, outcome{Verdict: Undecided}, CurrencyUnknown, "forbidden"},
		"Waits":     {failed("DependencyNotReady", "Retrying dependency check: dependency v1/Namespace/x not found: no"), outcome{Broken, RungKustomization, "", CodeDependencyNotReady, "ResourceSet"}, CurrencyUnknown, "spec.dependsOn of the ResourceSet names what does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}

func TestApplications(t *testing.T) {
	t.Parallel()
	newer, older := strings.Repeat("ab", 20), strings.Repeat("cd", 20)
	app := func(metadata, policy, status string) func(world) {
		return func(w world) {
			w.takeOver(func(u *unstructured.Unstructured) {
				gvk := u.GroupVersionKind()
				u.SetAnnotations(map[string]string{kinds.ArgoTrackingID: "greeter:" + gvk.Group + "/" + gvk.Kind + ":" + u.GetNamespace() + "/" + u.GetName()})
			})
			w.put(replaced(`
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: greeter, namespace: argocd`+metadata+`}
spec: {source: {repoURL: "https://git.example.com/x.git"}, syncPolicy: {`+policy+`}}
status: {`+status+`, reconciledAt: "JUSTNOW"}
`, "NEWER", newer, "OLDER", older, "JUSTNOW", w.TakenAt.Add(-time.Second).UTC().Format(time.RFC3339)))
		}
	}
	const (
		auto    = "automated: {prune: true}"
		heals   = "automated: {selfHeal: true}"
		synced  = `sync: {status: Synced, revision: NEWER}, operationState: {phase: Succeeded, syncResult: {revision: NEWER}}`
		moved   = `sync: {status: OutOfSync, revision: NEWER}, operationState: {phase: Succeeded, syncResult: {revision: OLDER}}`
		changed = `sync: {status: OutOfSync, revision: NEWER}, operationState: {phase: Succeeded, syncResult: {revision: NEWER}}, resources: [{kind: Component, namespace: healthy, name: a, status: OutOfSync}, {kind: Component, name: b, status: Synced}, {kind: Workload, name: c, status: OutOfSync, requiresPruning: true}]`
		pause   = `, annotations: {argocd.argoproj.io/skip-reconcile: "true"}`
	)
	outOfSync := outcome{Broken, RungKustomization, "", CodeApplicationOutOfSync, "Application"}
	for name, c := range map[string]otherEngine{
		"Synced":         {app("", auto, synced), outcome{Verdict: Healthy}, Current, "what Argo CD last compared"},
		"SeveralSources": {app("", auto, `sync: {status: Synced, revisions: [1.2.3, NEWER]}, operationState: {phase: Succeeded, syncResult: {revisions: [1.2.3, NEWER]}}`), outcome{Verdict: Healthy}, Current, "read by Argo CD"},
		"SyncsSoon":      {app("", auto, moved), outcome{Verdict: Unsettled}, Behind, "is out of sync"},
		"HealsSoon":      {app("", heals, changed), outcome{Verdict: Unsettled}, Behind, "is out of sync"},
		"DoesNotHeal":    {app("", auto, changed), outOfSync, Behind, "the cluster is not like abababa: Component healthy/a, Workload c (to be deleted)"},
		"SwitchedOff":    {app("", "automated: {enabled: false}", moved), outOfSync, Behind, "what was synced at cdcdcdc runs on"},
		"Paused":         {app(pause, auto, synced), outcome{Verdict: Healthy}, Current, "has argocd.argoproj.io/skip-reconcile: true"},
		"HeldBack":       {app(pause, auto, moved), outcome{Broken, RungKustomization, "", CodeApplierPaused, "Application"}, Behind, "it stays at sha1:cdcdcdc"},
		"Syncing":        {app("", auto, `sync: {status: OutOfSync, revision: NEWER}, operationState: {phase: Running}`), outcome{Verdict: Unsettled}, CurrencyUnknown, "syncs"},
		"NeverCompared":  {app("", auto, `sync: {status: Unknown}, conditions: [{type: ComparisonError, message: no}]`), outcome{Broken, RungKustomization, "", CodeApplicationComparison, "Application"}, CurrencyUnknown, "nothing was ever synced"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}
